namespace Inr;

/// <summary>What stands before the codes of a tensor.</summary>
/// <param name="Mode">How the codes are written.</param>
/// <param name="Step">The distance of two levels.</param>
/// <param name="Shift">How much nearer to 0 levels lie, in sixteenths of a step.</param>
/// <param name="Class">The class of the expected magnitude, where it is one for the tensor.</param>
/// <param name="Start">What codes count from; null for 0.</param>
internal readonly record struct CodedHead(CodedMode Mode, CodedStep Step, int Shift, int Class, CodedStart? Start);

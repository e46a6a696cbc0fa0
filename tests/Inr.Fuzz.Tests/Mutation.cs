namespace Inr.Fuzz.Tests;

/// <summary>Changes a file.</summary>
/// <param name="file">A valid or already changed file; it is not modified.</param>
/// <param name="random">Where the choices come from.</param>
/// <returns>The changed file.</returns>
internal delegate byte[] Mutation(byte[] file, Random random);

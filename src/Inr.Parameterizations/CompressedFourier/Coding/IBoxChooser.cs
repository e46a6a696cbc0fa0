namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Chooses what is written.</summary>
internal interface IBoxChooser
{
    /// <summary>Whether a box is split: 0 for a leaf, 1 for a left and a right half, 2 for an upper and a lower one.</summary>
    int Split(BoxPlace place);

    /// <summary>The colors of the picture, where boxes may be exact.</summary>
    ExactPlane? Colors { get; }

    /// <summary>Chooses mode, classes and levels of a leaf.</summary>
    void Choose(CodedBox box);
}

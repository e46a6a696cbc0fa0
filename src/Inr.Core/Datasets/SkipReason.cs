namespace Inr;

/// <summary>Why a listing left something out.</summary>
public enum SkipReason
{
    /// <summary>A file with another extension.</summary>
    OtherKind,

    /// <summary>A file or folder that is hidden, by its name or its attributes.</summary>
    Hidden,

    /// <summary>A folder inside the folder, where only the folder itself was asked for.</summary>
    Subfolder,

    /// <summary>A file or folder that is listed already under another path.</summary>
    SeenBefore,

    /// <summary>A folder that cannot be read, or a link that leads nowhere.</summary>
    Unreadable,
}

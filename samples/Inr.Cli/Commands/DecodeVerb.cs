using Inr.Folders;

namespace Inr.Cli.Commands;

/// <summary><c>inr decode DIR --out DIR</c>: every <c>.inr</c> file of a folder as a picture or a sound of its own size.</summary>
internal sealed class DecodeVerb : FolderVerb
{
    /// <summary>Describes the verb.</summary>
    public DecodeVerb()
        : base("decode", "Renders every .inr file of a folder at its own size, as a .png or .wav file.", ".inr files", "decoded")
    {
    }

    /// <inheritdoc/>
    protected override FolderReport Work(string folder, string output, FolderOptions options, IProgress<FolderProgress> progress, CancellationToken cancellation) =>
        FolderDecoder.Run(folder, output, options, progress, cancellation);
}

namespace Inr;

/// <summary>How the native half of TorchSharp came into the process.</summary>
/// <param name="Handle">Handle of the loaded library.</param>
/// <param name="LibraryPath">The file it was loaded from, or null where the system's own probing found it.</param>
/// <param name="PatchedFrom">The original, where <paramref name="LibraryPath"/> is a patched copy.</param>
/// <param name="LibTorchFolder">Folder that libtorch was loaded from, where the loader chose it.</param>
internal sealed record NativeLoad(nint Handle, string? LibraryPath, string? PatchedFrom, string? LibTorchFolder);

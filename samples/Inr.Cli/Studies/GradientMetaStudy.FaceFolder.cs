namespace Inr.Cli.Studies;

public static partial class GradientMetaStudy
{
    /// <summary>The pictures of a folder by name, cropped to their centre and resized, as a study wants them.</summary>
    private sealed class FaceFolder : ISignalDataset
    {
        private readonly string[] _files;
        private readonly ImageLoadOptions _options;

        public FaceFolder(string folder, int size, int limit = int.MaxValue)
        {
            _files = [.. Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".jpg" or ".png").Order(StringComparer.Ordinal).Take(limit)];
            _options = new ImageLoadOptions { Channels = 3, Size = new ImageSize(size, size), CenterCrop = true };
        }

        public int Count => _files.Length;

        public string GetName(int index) => Path.GetFileName(_files[index]);

        public Signal Load(int index) => ImageSignal.Load(_files[index], _options);
    }
}

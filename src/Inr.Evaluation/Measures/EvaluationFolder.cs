using System.Text.Json;
using Inr.Files;

namespace Inr.Evaluation;

/// <summary>A folder of finished evaluations, so that a run that was interrupted goes on where it stopped.</summary>
/// <remarks>
/// <para>
/// <c>settings.json</c> says under which settings the rows were made. <c>rows/KEY-SUBJECT.inr</c> is a representation and
/// <c>rows/KEY-SUBJECT.json</c> its measures, written last: a signal whose measures are there is finished. The key holds a
/// hash of the signal, so one that changed is fitted again.
/// </para>
/// <para>
/// While it is open, the folder belongs to one process: the operating system holds a lock on <c>.lock</c>, and gives it
/// back when the process ends, however it ends.
/// </para>
/// </remarks>
public sealed class EvaluationFolder : IDisposable
{
    private const string SettingsFile = "settings.json";
    private const string LockFile = ".lock";

    // No name of a target function, which has letters and hyphens.
    private const string Codecs = "~codecs";

    private readonly string _rows;
    private readonly FileStream _lock;

    private EvaluationFolder(string folder, FileStream @lock)
    {
        Folder = folder;
        _rows = Path.Combine(folder, "rows");
        _lock = @lock;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Opens a folder: a new one, or one whose rows were made under the same settings.</summary>
    /// <param name="folder">The folder; created where it is missing.</param>
    /// <param name="settings">Names and values of everything that rows of one folder must share, such as budget, context and seed.</param>
    /// <exception cref="InrException">The folder holds rows of other settings, another run has it open, or it cannot be written.</exception>
    public static EvaluationFolder Open(string folder, IReadOnlyDictionary<string, string> settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "rows"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InrException($"Cannot write to the folder '{folder}': {e.Message}", e);
        }

        var opened = new EvaluationFolder(folder, Lock(folder));
        try
        {
            opened.Settle(settings);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The rows of one of the things that are compared, such as a target function.</summary>
    /// <param name="subject">Its name: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>+</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or has another character.</exception>
    public IEvaluationStore For(string subject)
    {
        RequireName(subject);
        return new Rows(this, subject);
    }

    /// <summary>Where the representation of a finished row is.</summary>
    /// <param name="key">The row's <see cref="EvaluationRow.Key"/>.</param>
    /// <param name="subject">What was compared.</param>
    public string RepresentationPath(string key, string subject) => PathOf(key, subject, ".inr");

    /// <summary>What codecs made of a signal, where that was kept.</summary>
    internal IReadOnlyList<CodecFit>? FindCodecs(string key) =>
        Load(PathOf(key, Codecs, ".json"), EvaluationJson.Default.ListCodecFit) is { } fits && fits.TrueForAll(f => f is { Signal: not null, Codec: not null } && f.Key == key) ? fits : null;

    /// <summary>Keeps what codecs made of a signal.</summary>
    internal void AddCodecs(string key, IReadOnlyList<CodecFit> fits)
    {
        Directory.CreateDirectory(_rows);
        AtomicFile.Write(PathOf(key, Codecs, ".json"), stream => JsonSerializer.Serialize(stream, fits.ToList(), EvaluationJson.Default.ListCodecFit));
    }

    /// <summary>The rate-distortion rows of a codec on a signal, where they were kept.</summary>
    internal List<CodecRow>? FindRates(string key, string codec) =>
        Load(PathOf(key, RatesOf(codec), ".json"), EvaluationJson.Default.ListCodecRow) is { } rows && rows.TrueForAll(r => r is { Signal: not null } && r.Codec == codec) ? rows : null;

    /// <summary>Keeps the rate-distortion rows of a codec on a signal.</summary>
    internal void AddRates(string key, string codec, List<CodecRow> rows)
    {
        Directory.CreateDirectory(_rows);
        AtomicFile.Write(PathOf(key, RatesOf(codec), ".json"), stream => JsonSerializer.Serialize(stream, rows, EvaluationJson.Default.ListCodecRow));
    }

    /// <summary>Whether a row is there; someone may have removed all of them meanwhile.</summary>
    internal bool HasRows => Directory.Exists(_rows) && Directory.EnumerateFiles(_rows, "*.json").Any();

    /// <summary>Gives the folder back to other runs.</summary>
    public void Dispose() => _lock.Dispose();

    private static void RequireName(string subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        if (subject.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '+')))
            throw new ArgumentException($"'{subject}' would be part of a file name; use letters, digits, '-', '_', '.' and '+'.", nameof(subject));
    }

    // Without shared access the system refuses a second handle, on every platform.
    private static FileStream Lock(string folder)
    {
        string file = Path.Combine(folder, LockFile);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InrException($"Cannot write to the folder '{folder}': {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new InrException($"Another run is using the folder '{folder}': wait until it ends, or name another folder. ({e.Message})", e);
        }
    }

    private void Settle(IReadOnlyDictionary<string, string> settings)
    {
        string file = Path.Combine(Folder, SettingsFile);
        var stored = Load(file, EvaluationJson.Default.DictionaryStringString);
        if (stored is not null && stored.Count == settings.Count && settings.All(s => stored.TryGetValue(s.Key, out string? value) && value == s.Value))
            return;
        if (HasRows)
            throw new InrException($"'{Folder}' holds results of other settings ({Difference(stored, settings)}); name another folder.");
        var copy = settings.ToDictionary(s => s.Key, s => s.Value);
        AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, copy, EvaluationJson.Default.DictionaryStringString));
    }

    private static string Difference(Dictionary<string, string>? stored, IReadOnlyDictionary<string, string> settings)
    {
        if (stored is null)
            return "unknown ones";
        var names = settings.Keys.Union(stored.Keys).Where(name => stored.GetValueOrDefault(name) != settings.GetValueOrDefault(name));
        return string.Join("; ", names.Select(name => $"{name} is {stored.GetValueOrDefault(name) ?? "not set"} there, {settings.GetValueOrDefault(name) ?? "not set"} now"));
    }

    private static string RatesOf(string codec) => "~rates-" + codec;

    private string PathOf(string key, string subject, string ending) => Path.Combine(_rows, $"{key}-{subject}{ending}");

    // A file that a crash or a person damaged counts as missing, and so does a pipe or a device in its place.
    private static T? Load<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var stream = InputFile.Open(path);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (Exception e) when (e is JsonException or InrFileException)
        {
            return null;
        }
    }

    private sealed class Rows(EvaluationFolder owner, string subject) : IEvaluationStore
    {
        public EvaluationRow? Find(string key) => Load(owner.PathOf(key, subject, ".json"), EvaluationJson.Default.EvaluationRow) is { } row && row.IsOf(key) ? row : null;

        public void Add(EvaluationRow row, ImplicitRepresentation representation)
        {
            // A cleaner of folders must not cost the run.
            Directory.CreateDirectory(owner._rows);
            representation.Save(owner.PathOf(row.Key, subject, ".inr"));
            AtomicFile.Write(owner.PathOf(row.Key, subject, ".json"), stream => JsonSerializer.Serialize(stream, row, EvaluationJson.Default.EvaluationRow));
        }
    }
}

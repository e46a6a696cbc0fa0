using System.Security.Cryptography;
using System.Text;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Cli.Signals;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>The finished fits of a report folder, so that a run that was interrupted goes on where it stopped.</summary>
/// <remarks>
/// <c>settings.json</c> says under which settings the rows were made. <c>rows/NAME.inr</c> is a representation and
/// <c>rows/NAME.json</c> its measures, written last: a fit whose measures are there is finished. A name contains a hash of
/// the signal's file, so a file that changed is fitted again.
/// </remarks>
internal sealed class CompareStore
{
    private const int LongestStem = 40;
    private const int HashDigits = 12;

    private readonly string _rows;

    private CompareStore(string rows) => _rows = rows;

    /// <summary>Opens a folder, new or of the same settings.</summary>
    /// <exception cref="CliException">The folder holds rows of other settings.</exception>
    public static CompareStore Open(string folder, CompareSettings settings)
    {
        string file = Path.Combine(folder, "settings.json");
        string rows = Path.Combine(folder, "rows");
        Directory.CreateDirectory(rows);
        var stored = File.Exists(file) ? JsonFile.Load<CompareSettings>(file) : null;
        if (stored != settings)
        {
            if (Directory.EnumerateFiles(rows, "*.json").Any())
                throw CliException.Failed($"'{folder}' holds results of other settings ({stored?.AsOptions() ?? "unknown"}; now {settings.AsOptions()}); name another folder for --report.");
            JsonFile.Save(file, settings);
        }

        return new CompareStore(rows);
    }

    /// <summary>The key of a signal: the same file under the same name has the same one.</summary>
    /// <exception cref="SignalLoadException">The file cannot be read.</exception>
    public static string KeyOf(SignalFile file)
    {
        try
        {
            using var stream = File.OpenRead(file.Path);
            byte[] content = SHA256.HashData(stream);
            byte[] both = SHA256.HashData([.. Encoding.UTF8.GetBytes(file.Name), .. content]);
            string stem = new([.. Path.GetFileNameWithoutExtension(file.Name).Take(LongestStem).Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
            return $"{stem}-{Convert.ToHexStringLower(both)[..HashDigits]}";
        }
        catch (FileNotFoundException e)
        {
            throw new SignalLoadException(file.Path, "there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SignalLoadException(file.Path, e.Message, e);
        }
    }

    /// <summary>The measures of a finished fit, or null where it is not finished.</summary>
    public ReportRow? Find(string key, TargetEntry entry)
    {
        string file = PathOf(key, entry, ".json");
        return File.Exists(file) ? JsonFile.Load<ReportRow>(file) : null;
    }

    /// <summary>Keeps a finished fit.</summary>
    public void Add(string key, TargetEntry entry, FitOutcome outcome)
    {
        outcome.Result.Representation.Save(PathOf(key, entry, ".inr"));
        JsonFile.Save(PathOf(key, entry, ".json"), outcome.Row);
    }

    private string PathOf(string key, TargetEntry entry, string ending) => Path.Combine(_rows, $"{key}-{entry.Name}{ending}");
}

using System.Globalization;
using Inr.Files;

namespace Inr.Meta;

/// <summary>What a <see cref="GradientMetaLearner"/> found for one signal, φ alone: with the learner it is the whole representation.</summary>
/// <remarks>
/// For functa, COIN++ and CAVIA φ is the latent z, and its length is the count that the papers give: everything else is
/// shared by all signals and stored once, in the learner's file. The file of a code is a safetensors file with one
/// tensor, the domain, and the hash of the learner's weights, because the numbers mean nothing to another one.
/// </remarks>
public sealed class LatentCode : IDisposable
{
    /// <summary>The version that this library writes, and the newest one that it reads.</summary>
    public const int FormatVersion = 1;

    private const string VersionKey = "inr.format_version";
    private const string LearnerKey = "inr.latent_of";
    private const string DomainKey = "inr.domain";
    private const string SamplesKey = "inr.samples";
    private const string NumbersName = "latent";

    private static readonly FileKind Kind = new("a latent code (.safetensors)", ".safetensors");

    internal LatentCode(Tensor numbers, SignalDomain domain, string learner)
    {
        Numbers = numbers.DetachFromDisposeScope();
        Domain = domain;
        Learner = learner;
    }

    /// <summary>φ; shape [P]. The code keeps it.</summary>
    public Tensor Numbers { get; }

    /// <summary>Where the signal was sampled.</summary>
    public SignalDomain Domain { get; }

    /// <summary>How the file of the signal stores its samples; null where nothing is known.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>The hash of the learner that the numbers belong to, in hexadecimal digits.</summary>
    public string Learner { get; }

    /// <summary>The count of numbers stored for this signal.</summary>
    public long FloatCount => Numbers.shape[0];

    /// <summary>The bits that they take.</summary>
    public long BitCount => 8 * FloatCount * Numbers.element_size();

    /// <summary>The same code with other numbers, such as rounded ones or those of a generative model.</summary>
    /// <param name="numbers">Shape [P], floating point; the new code takes ownership.</param>
    /// <exception cref="ArgumentException">The shape differs, or a number is NaN or infinite.</exception>
    public LatentCode WithNumbers(Tensor numbers)
    {
        Shapes.Require(numbers, "numbers", $"[{FloatCount}]", 1);
        if (numbers.shape[0] != FloatCount)
            throw new ArgumentException($"numbers must have the shape [{FloatCount}]; they are {Shapes.Text(numbers)}.", nameof(numbers));
        Shapes.RequireFinite(numbers, "numbers");
        return new LatentCode(numbers, Domain, Learner) { Format = Format };
    }

    /// <summary>Saves the code; a file that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public void Save(string path)
    {
        Kind.Require(path);
        AtomicFile.Write(path, Save);
    }

    /// <summary>Writes the code to a stream, as its file has it.</summary>
    /// <param name="stream">A stream at the place where the file begins; it stays open.</param>
    public void Save(Stream stream) => SafeTensors.Write(stream, [KeyValuePair.Create(NumbersName, Numbers)],
    [
        KeyValuePair.Create(VersionKey, FormatVersion.ToString(CultureInfo.InvariantCulture)),
        KeyValuePair.Create(LearnerKey, Learner),
        KeyValuePair.Create(DomainKey, Domain.ToJson().ToJsonString()),
        .. Format is null ? (KeyValuePair<string, string>[])[] : [KeyValuePair.Create(SamplesKey, Format.ToJson().ToJsonString())],
    ]);

    /// <summary>Loads a code.</summary>
    /// <param name="path">A file that <see cref="Save(string)"/> wrote.</param>
    /// <returns>The code; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or no code; the message says which.</exception>
    public static LatentCode Load(string path)
    {
        using var reader = new SafeTensorsReader(path);
        return Load(reader);
    }

    /// <summary>Reads a code from the current position of a stream to its end.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <returns>The code; the caller owns it.</returns>
    /// <exception cref="InrFileException">The data are damaged, of a newer format, or no code; the message says which.</exception>
    public static LatentCode Load(Stream stream)
    {
        using var reader = new SafeTensorsReader(stream, leaveOpen: true);
        return Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => Numbers.Dispose();

    private static LatentCode Load(SafeTensorsReader reader)
    {
        var text = new FileText(reader, "a latent code");
        string learner = text.Name(LearnerKey);
        text.RequireVersion(VersionKey, FormatVersion);
        if (reader.Entries is not [{ Name: NumbersName, Shape: [> 0], Type: ScalarType.Float32 or ScalarType.Float64 }])
            throw text.Refuse($"a latent code holds one tensor '{NumbersName}' of one axis, F32 or F64; this file holds {(reader.Entries.Count == 0 ? "none" : InputFile.OneLine(string.Join(", ", reader.Entries.Take(3))))}.");
        using var scope = NewDisposeScope();
        var numbers = reader.Read(NumbersName);
        if (!Shapes.IsFinite(numbers))
            throw text.Refuse("its numbers are NaN or infinite.");
        var format = reader.Metadata.ContainsKey(SamplesKey) ? Checked(text, () => SampleFormat.FromJson(text.Object(SamplesKey))) : null;
        return new LatentCode(numbers, Checked(text, () => SignalDomain.FromJson(text.Object(DomainKey))), learner) { Format = format };
    }

    private static T Checked<T>(FileText text, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw text.Refuse(InputFile.OneLine(e.Message), e);
        }
    }
}

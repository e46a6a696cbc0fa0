using System.Globalization;

namespace Inr.Folders;

/// <summary>The share of a folder that one of several runs takes: every <see cref="Count"/>-th file.</summary>
/// <remarks>All runs must see the same files. What one of them misses, a later run over the whole folder takes.</remarks>
public readonly record struct FolderShard
{
    private const string Automatic = "auto";

    /// <summary>Creates a share.</summary>
    /// <param name="number">Which one, from 1 to the count.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not from 1 to the count.</exception>
    public FolderShard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        Number = number;
        Count = count;
    }

    /// <summary>The whole folder.</summary>
    public static FolderShard All { get; } = new(1, 1);

    /// <summary>Which share, from 1 to <see cref="Count"/>.</summary>
    public int Number { get; }

    /// <summary>How many shares there are.</summary>
    public int Count { get; }

    /// <summary>Reads <c>2/8</c>, or <c>auto</c> and <c>auto/8</c>, which ask the variables of an array job.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variables">Gives the value of a variable of the environment; that of the process by default.</param>
    /// <remarks>
    /// <c>auto</c> takes <c>SLURM_ARRAY_TASK_ID</c> and <c>SLURM_ARRAY_TASK_COUNT</c>, with <c>_MIN</c> and <c>_MAX</c> where
    /// the numbers of tasks have gaps. <c>auto/8</c> states the count, and also takes <c>JOB_COMPLETION_INDEX</c> of Kubernetes, which
    /// counts from 0.
    /// </remarks>
    /// <exception cref="FormatException">
    /// It is none of these, or the variables are not there; the message says what is asked for.
    /// </exception>
    public static FolderShard Parse(string text, Func<string, string?>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        variables ??= Environment.GetEnvironmentVariable;
        string[] parts = text.Split('/');
        int count = 0;
        if (parts.Length > 2 || (parts.Length == 2 && !TryRead(parts[1], 1, out count)))
            throw Refuse(text);
        if (string.Equals(parts[0], Automatic, StringComparison.OrdinalIgnoreCase))
            return OfJob(parts.Length == 2 ? count : null, variables);
        if (parts.Length != 2 || !TryRead(parts[0], 1, out int number) || number > count)
            throw Refuse(text);
        return new FolderShard(number, count);
    }

    /// <summary>Whether a file belongs to it.</summary>
    /// <param name="index">The place of the file in the list, from 0.</param>
    public bool Takes(int index) => Count <= 1 || index % Count == Number - 1;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private static FolderShard OfJob(int? stated, Func<string, string?> variables)
    {
        if (Variable("SLURM_ARRAY_TASK_ID") is { } task)
        {
            int count = stated ?? Variable("SLURM_ARRAY_TASK_COUNT")
                ?? throw new FormatException("SLURM_ARRAY_TASK_COUNT is not set; state the number of shares, such as auto/8.");
            return new FolderShard(1 + PlaceOf(task, count), count);
        }

        if (Variable("JOB_COMPLETION_INDEX") is { } index)
        {
            int count = stated ?? throw new FormatException("JOB_COMPLETION_INDEX says which share, but not of how many; state the number, such as auto/8.");
            return index < count
                ? new FolderShard(1 + index, count)
                : throw new FormatException($"JOB_COMPLETION_INDEX is {index}, but there are {count} shares, counted from 0.");
        }

        throw new FormatException("this is no array job: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set. Name the share, such as 1/8.");

        int? Variable(string name) => variables(name) is not { Length: > 0 } value ? null
            : TryRead(value, 0, out int number) ? number
            : throw new FormatException($"{name} is '{value}', which is no number.");

        // Numbers without gaps are a share each, wherever they begin; with gaps, the first and the last say how wide these are.
        int PlaceOf(int task, int count)
        {
            if (stated is not null || Variable("SLURM_ARRAY_TASK_MIN") is not { } first || Variable("SLURM_ARRAY_TASK_MAX") is not { } last || last - first == count - 1)
                return task % count;
            int step = count > 1 ? (last - first) / (count - 1) : 1;
            return step > 0 && last - first == step * (count - 1) && (task - first) % step == 0 && task >= first && task <= last
                ? (task - first) / step
                : throw new FormatException($"the numbers of the tasks, {first} to {last} in {count} tasks, are not evenly spaced; name the share, such as 1/{count}.");
        }
    }

    private static bool TryRead(string text, int least, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least;

    private static FormatException Refuse(string text) =>
        new($"it is '{text}'; it is the number of a share and how many there are, such as 2/8, or auto in an array job.");
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Inr.Files;
using Inr.Optimization;

namespace Inr.Meta;

/// <summary>Saves and restores a training run: weights, the optimizer's state, the step, and what the run must agree on.</summary>
internal sealed class MetaCheckpoint
{
    private const string Prefix = "inr.training.";
    private const string WeightPrefix = "weights.";
    private const string RulePrefix = "rule.";
    private const string RuleKey = "update_rule";
    private const string SettingPrefix = RuleKey + "_";
    private const string OlderRuleKey = Prefix + "rule";

    private readonly IMetaObjective _objective;
    private readonly MetaTrainingOptions _options;
    private readonly string _signals;
    private readonly UpdateRuleDescription _rule;

    public MetaCheckpoint(IMetaObjective objective, MetaTrainingOptions options, ISignalDataset signals)
    {
        _objective = objective;
        _options = options;
        _rule = (options.Rule ?? new AdamRule()).Description;
        _signals = options.CheckpointPath is null && options.ResumeFrom is null ? "" : Fingerprint(signals);
    }

    /// <summary>Writes a checkpoint; one that exists is replaced only when the new one is complete.</summary>
    public void Save(string path, int step, OuterUpdate update)
    {
        var tensors = _objective.Weights.Select(w => KeyValuePair.Create(WeightPrefix + w.Name, w.Tensor))
            .Concat(update.State.Tensors.Select((t, i) => KeyValuePair.Create($"{RulePrefix}{i}", t)));
        var metadata = Agreement(step).Append(KeyValuePair.Create("step", Text(step))).Append(KeyValuePair.Create("rule_step", Text(update.State.Step)));
        using var _ = no_grad();
        SafeTensors.Save(path, tensors, metadata.Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value)));
    }

    /// <summary>Restores a checkpoint.</summary>
    /// <returns>The steps it has done.</returns>
    /// <exception cref="InrFileException">It is damaged, or of another configuration: the message says what differs.</exception>
    public int Load(string path, OuterUpdate update)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var reader = new SafeTensorsReader(path);
        int step = Count(reader, path, "step");
        int ruleStep = Count(reader, path, "rule_step");
        foreach (var (key, here) in Agreement(step))
        {
            string? there = Recorded(reader, key);
            if (there != here)
                throw new InrFileException($"Cannot resume from '{path}': its {key.Replace('_', ' ')} is {(there is null ? "not recorded" : InputFile.OneLine(Unlike(there, here)))}, this run's is {Unlike(here, there ?? "")}. {(IsOlder(reader, key) ? "It is older than the records of a rule's settings and is taken to have the usual ones. " : "")}Resume with the options of that run, or start anew without the checkpoint.");
        }

        // Everything is read and checked before the first weight changes.
        var weights = _objective.Weights.Select(w => Read(reader, path, WeightPrefix + w.Name, w.Tensor)).ToArray();
        var remembered = update.State.Tensors.Select((t, i) => Read(reader, path, $"{RulePrefix}{i}", t)).ToArray();
        for (int i = 0; i < weights.Length; i++)
            _objective.Weights[i].Tensor.copy_(weights[i]);
        update.Restore(new OptimizerState(ruleStep, remembered));
        return step;
    }

    // Checkpoints of before rules described themselves name the type of a rule and none of its settings: they were those
    // that the type has by itself, as far as can be known.
    private static string? Recorded(SafeTensorsReader reader, string key)
    {
        if (!IsOlder(reader, key))
            return reader.Metadata.GetValueOrDefault(Prefix + key);
        string type = reader.Metadata[OlderRuleKey];
        UpdateRuleDescription? older = type switch
        {
            nameof(AdamRule) => new AdamRule().Description,
            nameof(SgdRule) => new SgdRule().Description,
            _ => null,
        };
        return key == RuleKey ? older?.Kind ?? type : older?.Settings[key[SettingPrefix.Length..]]?.ToJsonString();
    }

    private static bool IsOlder(SafeTensorsReader reader, string key) =>
        key.StartsWith(RuleKey, StringComparison.Ordinal) && !reader.Metadata.ContainsKey(Prefix + RuleKey) && reader.Metadata.ContainsKey(OlderRuleKey);

    private static Tensor Read(SafeTensorsReader reader, string path, string name, Tensor like)
    {
        var tensor = reader.Read(name);
        if (!tensor.shape.SequenceEqual(like.shape) || tensor.dtype != like.dtype)
            throw new InrFileException($"Cannot resume from '{path}': the tensor '{name}' is {tensor.dtype} {Shapes.Text(tensor)}; {like.dtype} {Shapes.Text(like)} is needed.");
        return tensor.to(like.device);
    }

    private static int Count(SafeTensorsReader reader, string path, string key) =>
        int.TryParse(reader.Metadata.GetValueOrDefault(Prefix + key), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new InrFileException($"Cannot resume from '{path}': it is not a training checkpoint; its {key.Replace('_', ' ')} is missing.");

    // What two runs must share so that one continues the other. The number of steps may grow as long as the schedule up
    // to here stays the same.
    private IEnumerable<KeyValuePair<string, string>> Agreement(int step)
    {
        yield return KeyValuePair.Create("learner", _objective.Configuration);
        yield return KeyValuePair.Create("signals", _signals);
        yield return KeyValuePair.Create("batch_size", Text(_options.BatchSize));
        yield return KeyValuePair.Create("learning_rate", Text(_options.LearningRate!.Value));
        yield return KeyValuePair.Create("schedule", string.Join(' ', Enumerable.Range(0, 5).Select(i => Text(_options.Schedule.Factor(step * i / 4, _options.Steps)))));
        yield return KeyValuePair.Create(RuleKey, _rule.Kind);
        foreach (var (name, value) in _rule.Settings)
            yield return KeyValuePair.Create(SettingPrefix + name, value?.ToJsonString() ?? "null");
        yield return KeyValuePair.Create("clip_norm", _options.ClipNorm is { } clip ? Text(clip) : "none");
        yield return KeyValuePair.Create("seed", Text(_options.Seed));
        yield return KeyValuePair.Create("context_fraction", Text(_options.ContextFraction));
        yield return KeyValuePair.Create("query_fraction", Text(_options.QueryFraction));
    }

    // The parts of a long configuration in which it differs from another one of as many parts; else all of it.
    private static string Unlike(string text, string other)
    {
        // Only a learner's options are long; of anything else a part would be a riddle.
        if (!text.Contains('{', StringComparison.Ordinal))
            return text;
        string[] parts = Parts(text);
        string[] others = Parts(other);
        return parts.Length == others.Length ? string.Join(", ", parts.Where((part, i) => part != others[i])) : text;
    }

    private static string[] Parts(string text) => text.Split([' ', ',', '{', '}'], StringSplitOptions.RemoveEmptyEntries);

    private static string Fingerprint(ISignalDataset signals)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < signals.Count; i++)
            hash.AppendData(Encoding.UTF8.GetBytes(signals.GetName(i) + "\n"));
        return $"{signals.Count} names {Convert.ToHexString(hash.GetHashAndReset())[..16]}";
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Inr.Fuzz.Tests;

/// <summary>Reads mutated files one after another, under a watch: what is thrown, how long it takes, how much memory it takes.</summary>
internal sealed class FuzzRun
{
    private const int MostFindings = 12;
    // Of address space, which arenas of the allocator take 64 MiB of at a time.
    private const long MostVirtual = 1L << 30;

    // Of processor time, which a busy machine does not lengthen.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(30);
    // Of the clock: what waits takes no processor time.
    private static readonly TimeSpan Waiting = TimeSpan.FromMinutes(5);

    private readonly FuzzReader _reader;
    private readonly byte[][] _seeds;
    private readonly int _count;
    private readonly List<FuzzFinding> _findings = [];
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);
    private long _mostManaged;
    private long _mostResident;
    private TimeSpan _longest;
    private int _refused;
    // What the watch looks at.
    private volatile byte[]? _current;
    private volatile int _index;
    private long _started;
    private long _startedProcessor;

    /// <summary>Prepares the seeds; each must be read without an exception.</summary>
    public FuzzRun(FuzzReader reader, int count)
    {
        _reader = reader;
        _count = count;
        _seeds = reader.Seeds();
        foreach (byte[] seed in _seeds)
            reader.Read(seed);
    }

    /// <summary>What went wrong.</summary>
    public IReadOnlyList<FuzzFinding> Findings => _findings;

    /// <summary>How many inputs were refused as they should.</summary>
    public int Refused => _refused;

    /// <summary>Tensors that the inputs left behind.</summary>
    public long LeftTensors { get; private set; }

    /// <summary>Runs all inputs on a thread of their own; one that does not end is a finding, and the last.</summary>
    public void Execute()
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                ReadAll();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(250)))
        {
            bool isEndless = Environment.CpuUsage.TotalTime.Ticks - Interlocked.Read(ref _startedProcessor) > Endless.Ticks;
            if ((isEndless || Stopwatch.GetElapsedTime(Interlocked.Read(ref _started)) > Waiting) && _current is { } input)
            {
                _findings.Add(new FuzzFinding(_index, "does not end", input));
                return;
            }
        }

        if (failure is not null)
            throw new InvalidOperationException($"{_reader.Name} could not be run.", failure);
    }

    /// <summary>One line of numbers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{_reader.Name}: {_count} inputs, {_refused} refused, {_count - _refused - _findings.Count} read, {_findings.Count} findings; most managed {_mostManaged / 1e6:0.0} MB, most resident {_mostResident / 1e6:0.0} MB, longest {_longest.TotalMilliseconds:0} ms");

    private void ReadAll()
    {
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        long space = ProcessMemory.Peak().Virtual;
        for (int i = 0; i < _count && _kinds.Count < MostFindings; i++)
        {
            _index = i;
            byte[] input = Make(i);
            string? wrong = Try(input, ref space);
            // A machine that was busy is no fault of the reader: what lasts or grows does so again.
            if (wrong is not null && wrong.StartsWith("took", StringComparison.Ordinal))
            {
                GC.Collect();
                wrong = Try(input, ref space);
            }

            if (wrong is not null && _kinds.Add(wrong.Split('\n')[0]))
                _findings.Add(new FuzzFinding(i, wrong, input));
        }

        LeftTensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount - live;
    }

    private byte[] Make(int index)
    {
        var random = new Random(HashCode(_reader.Name, index));
        byte[] input = _seeds[random.Next(_seeds.Length)];
        if (_reader.Structural.Count > 0 && random.Next(3) > 0)
        {
            input = _reader.Structural[random.Next(_reader.Structural.Count)](input, random);
            return random.Next(5) == 0 ? Mutations.ByteMutations.Apply(input, random) : input;
        }

        return Mutations.ByteMutations.Apply(input, random);
    }

    // The same on every machine and in every process, which string.GetHashCode is not.
    private static int HashCode(string name, int index)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes($"{FuzzSettings.Seed}/{name}/{index}"))
            hash = (hash ^ b) * 16777619;
        return (int)hash;
    }

    private string? Try(byte[] input, ref long space)
    {
        ProcessMemory.ResetPeak();
        long resident = ProcessMemory.Peak().Resident;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        var start = Environment.CpuUsage.TotalTime;
        Interlocked.Exchange(ref _startedProcessor, start.Ticks);
        Interlocked.Exchange(ref _started, Stopwatch.GetTimestamp());
        _current = input;
        Exception? thrown = null;
        try
        {
            using var scope = NewDisposeScope();
            _reader.Read(input);
        }
        catch (Exception e)
        {
            thrown = e;
        }

        var elapsed = Environment.CpuUsage.TotalTime - start;
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        _current = null;
        var peak = ProcessMemory.Peak();
        resident = peak.Resident - resident;
        long grown = peak.Virtual - space;
        space = Math.Max(space, peak.Virtual);
        (_mostManaged, _mostResident) = (Math.Max(_mostManaged, managed), Math.Max(_mostResident, resident));
        if (elapsed > _longest)
            _longest = elapsed;

        // Files and signals have exceptions of their own; the folder of an evaluation has their base.
        if (thrown is not null and not InrException)
            return $"{thrown.GetType().FullName} at {Frame(thrown)}\n{thrown}";
        if (elapsed > Slow)
            return $"took {elapsed.TotalSeconds:0} s";
        if (managed > _reader.MostBytes)
            return $"took {managed >> 20} MiB of managed memory";
        if (resident > _reader.MostBytes)
            return $"took {resident >> 20} MiB of memory";
        if (grown > MostVirtual)
            return $"took {grown >> 20} MiB of address space";
        if (thrown is not null)
            _refused++;
        return null;
    }

    private static string Frame(Exception e) =>
        new StackTrace(e).GetFrames().Select(f => f.GetMethod()).FirstOrDefault(m => m?.DeclaringType?.Assembly.GetName().Name is { } name && name.StartsWith("Inr.", StringComparison.Ordinal)) is { } method
            ? $"{method.DeclaringType!.Name}.{method.Name}"
            : "?";
}

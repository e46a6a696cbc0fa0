using System.Diagnostics;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Time spent on work: wall clock, or the processor time of all threads divided by their number, which a busy machine does not distort.</summary>
/// <param name="clock"><c>cpu</c>, or anything else for the wall clock.</param>
internal sealed class SpentTime(string clock)
{
    private readonly Stopwatch _wall = new();
    private TimeSpan _processor;
    private TimeSpan _since;
    private bool _runs;

    /// <summary>The seconds between each start and stop, the running one included.</summary>
    public double Seconds => clock == "cpu"
        ? (_processor + (_runs ? Now - _since : TimeSpan.Zero)).TotalSeconds / torch.get_num_threads()
        : _wall.Elapsed.TotalSeconds;

    private static TimeSpan Now => Environment.CpuUsage.TotalTime;

    /// <summary>The work goes on.</summary>
    public void Start()
    {
        _since = Now;
        _runs = true;
        _wall.Start();
    }

    /// <summary>The work pauses.</summary>
    public void Stop()
    {
        _wall.Stop();
        _processor += Now - _since;
        _runs = false;
    }
}

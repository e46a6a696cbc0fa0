using System.Diagnostics;
using System.Globalization;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Spectre.Console;

namespace Inr.Cli.Output;

/// <summary>Where people read: tables, and a progress bar on a terminal or plain lines elsewhere.</summary>
internal sealed class Terminal
{
    // What a file or a pipe takes where nobody says how wide its reader is.
    private const int PlainWidth = 200;
    private const string WidthVariable = "COLUMNS";
    private const int FewestColumns = 40;
    private const int LongestName = 48;

    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console;
    private readonly bool _isInteractive;

    private Terminal(IAnsiConsole console, bool isInteractive)
    {
        _console = console;
        _isInteractive = isInteractive;
    }

    /// <summary>The terminal of the process.</summary>
    public static Terminal Interactive() => new(AnsiConsole.Create(new AnsiConsoleSettings()), isInteractive: true);

    /// <summary>A file, a pipe or memory.</summary>
    public static Terminal Plain(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = NumberText.ReadWhole(Environment.GetEnvironmentVariable(WidthVariable) ?? "", int.MaxValue, out long width) is null && width >= FewestColumns ? (int)width : PlainWidth;
        return new Terminal(console, isInteractive: false);
    }

    /// <summary>Prints a line.</summary>
    public void WriteLine(string text) => _console.Profile.Out.Writer.WriteLine(Text.Plain(text));

    /// <summary>Prints a table; the first column is text, the others are numbers. One that is too wide becomes several, each with the first column, so that no number is cut.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells of each row.</param>
    public void WriteTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        string[][] cells = [.. rows.Select(row => row.Select((cell, i) => i == 0 ? Bounded(Text.Plain(cell)) : Text.Plain(cell)).ToArray())];
        foreach (int[] shown in TableColumns.Split(columns, cells, _console.Profile.Width))
        {
            var table = new Table { Border = _isInteractive ? TableBorder.Rounded : TableBorder.Ascii };
            foreach (int i in shown)
            {
                var column = new TableColumn(Markup.Escape(columns[i])) { NoWrap = true };
                table.AddColumn(i == 0 ? column : column.RightAligned());
            }

            foreach (string[] row in cells)
                table.AddRow(shown.Select(i => Markup.Escape(row[i])).ToArray());
            _console.Write(table);
        }
    }

    /// <summary>Runs a fit and shows where it stands.</summary>
    /// <param name="what">What is fitted, in a few words.</param>
    /// <param name="fit">The work; it reports to what it is given.</param>
    public T Track<T>(string what, Func<IProgress<FitProgress>?, T> fit) => _isInteractive ? TrackBar(what, fit) : fit(new PlainProgress(this, what));

    /// <summary>Runs work that says which share of it is done and where it stands.</summary>
    /// <param name="what">The work, in a few words.</param>
    /// <param name="work">The work; it calls what it is given, from any thread but one at a time.</param>
    public T Follow<T>(string what, Func<Action<double, string>, T> work)
    {
        if (!_isInteractive)
        {
            var sinceLast = Stopwatch.StartNew();
            return work((_, text) =>
            {
                if (sinceLast.Elapsed < PlainPause)
                    return;
                sinceLast.Restart();
                WriteLine($"{what}: {text}");
            });
        }

        return _console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 20 }, new PercentageColumn())
            .Start(bar =>
            {
                var task = bar.AddTask(Markup.Escape(Text.Plain(what)));
                task.MaxValue = 1;
                return work((share, text) =>
                {
                    task.Value = share;
                    task.Description = Markup.Escape(Text.Plain($"{what}: {text}"));
                });
            });
    }

    private T TrackBar<T>(string what, Func<IProgress<FitProgress>?, T> fit) =>
        _console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 20 }, new PercentageColumn())
            .Start(bar =>
            {
                var task = bar.AddTask(Markup.Escape(Text.Plain(what)));
                return fit(new BarProgress(task, what));
            });

    // The end of a name tells more than its beginning.
    private static string Bounded(string name) => name.Length <= LongestName ? name : "..." + name[^(LongestName - 3)..];

    private static string Describe(FitProgress p) =>
        string.Create(CultureInfo.InvariantCulture, $"step {p.Step}/{p.TotalSteps}, {p.Psnr:0.00} dB, {Text.Duration(p.Remaining)} left");

    /// <summary>A line every few seconds.</summary>
    private sealed class PlainProgress(Terminal terminal, string what) : IProgress<FitProgress>
    {
        private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

        public void Report(FitProgress value)
        {
            if (_sinceLast.Elapsed < PlainPause || value.Step == value.TotalSteps)
                return;
            _sinceLast.Restart();
            terminal.WriteLine($"{what}: {Describe(value)}");
        }
    }

    /// <summary>A moving bar.</summary>
    private sealed class BarProgress(ProgressTask task, string what) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            task.MaxValue = Math.Max(1, value.TotalSteps);
            task.Value = value.Step;
            task.Description = Markup.Escape(Text.Plain($"{what}: {Describe(value)}"));
        }
    }
}

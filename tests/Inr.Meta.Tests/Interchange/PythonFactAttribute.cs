using System.Diagnostics;

namespace Inr.Tests.Interchange;

/// <summary>A test that runs Python with NumPy; where there is none, it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Found = new(() => Array.Find(["python3", "/usr/bin/python3", "python"], HasNumpy));

    public PythonFactAttribute()
    {
        if (Interpreter is null)
            Skip = "needs Python 3 with NumPy";
    }

    /// <summary>The interpreter, or null.</summary>
    public static string? Interpreter => Found.Value;

    private static bool HasNumpy(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import sys, numpy; assert sys.version_info >= (3, 8)"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            return process.WaitForExit(60_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

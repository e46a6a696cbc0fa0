using System.Text;
using Inr;
using Inr.Studies;

Console.OutputEncoding = Encoding.UTF8;
try
{
    return StudyTable.Run(args);
}
catch (Exception failure) when (failure is StudyException or InrException or ArgumentException or IOException)
{
    Console.Error.WriteLine($"study: {Inr.Evaluation.ReportText.OneLine(failure.Message)}");
    return (failure as StudyException)?.ExitCode ?? 1;
}

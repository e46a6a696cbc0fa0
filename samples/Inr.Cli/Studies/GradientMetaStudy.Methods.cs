namespace Inr.Cli.Studies;

public static partial class GradientMetaStudy
{
    private static void Methods(StudyArguments o)
    {
    }
}

namespace ToolBackend.Testing;

/// <summary>How much of a thing a test does: little in every run, all of it when the environment has <c>TOOLBACKEND_LONG_FORMS=1</c>.</summary>
public static class LongForm
{
    public static int Count(int everyRun, int longForm) => Environment.GetEnvironmentVariable("TOOLBACKEND_LONG_FORMS") is "1" ? longForm : everyRun;
}

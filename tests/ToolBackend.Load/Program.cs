using ToolBackend.Load;
using ToolBackend.Load.Demo;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    return args switch
    {
        ["demo", ..] => await DemoVerb.RunAsync(StackUnderTest.Find(), Console.Out, stop.Token),
        _ => throw new LoadException("Verbs: demo, bench, load. Use ./dev demo, ./dev bench, ./dev load."),
    };
}
catch (LoadException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

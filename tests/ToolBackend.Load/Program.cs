using ToolBackend.Load;
using ToolBackend.Load.Bench;
using ToolBackend.Load.Call;
using ToolBackend.Load.Children;
using ToolBackend.Load.Demo;
using ToolBackend.Load.Drills;
using ToolBackend.Load.Language;
using ToolBackend.Load.Micro;
using ToolBackend.Load.Voice;
using ToolBackend.LocalStack;

// The measured servers are this program too. They stop by their own handling of signals.
switch (args)
{
    case [BaselineServer.Verb, ..]:
        return await BaselineServer.RunAsync(args, CancellationToken.None);
    case [ApiServer.Verb, ..]:
        return await ApiServer.RunAsync(args, CancellationToken.None);
    case [VoiceServer.Verb, ..]:
        return await VoiceServer.RunAsync(args, CancellationToken.None);
}

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
        ["demo"] => await DemoVerb.RunAsync(StackUnderTest.Find(), Console.Out, stop.Token),
        ["call", .. var rest] => await CallVerb.RunAsync(rest, StackUnderTest.Find(), Console.Out, stop.Token),
        ["bench", "micro", .. var rest] => MicroVerb.Run(rest is ["--quick"]),
        ["bench", "language", .. var rest] => await LanguageVerb.RunAsync(rest is ["--quick"], Console.Out, stop.Token),
        ["bench", "calls", .. var rest] => await CallsBenchVerb.RunAsync(rest, Console.Out, stop.Token),
        ["bench", "voice", .. var rest] => await VoiceBenchVerb.RunAsync(rest, Console.Out, stop.Token),
        ["bench", .. var rest] => await BenchVerb.RunAsync(rest, Console.Out, stop.Token),
        ["drill", .. var rest] => await DrillVerb.RunAsync(rest, Console.Out, stop.Token),
        ["load", .. var rest] => await LoadVerb.RunAsync(rest, Console.Out, stop.Token),
        _ => throw new LoadException("Verbs: demo, call ASSISTANT, bench [calls | voice | language | micro] [--quick] [--seed N], drill NAME, load [--seconds N] [--seed N]. Use ./dev demo, ./dev call, ./dev bench, ./dev drill, ./dev load."),
    };
}
catch (Exception error) when (error is LoadException or LocalStackException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

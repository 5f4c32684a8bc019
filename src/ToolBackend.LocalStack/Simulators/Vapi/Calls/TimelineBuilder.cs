using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Lays a script out in time.</summary>
internal sealed class TimelineBuilder
{
    private static readonly TimeSpan s_perWord = TimeSpan.FromMilliseconds(320);

    private readonly CallScript _script;
    private readonly CallIds _ids;
    private readonly double _scale;
    private readonly Random _random;
    private readonly HashSet<string> _asked;
    private readonly List<TimelineStep> _steps = [];
    private readonly List<HistoryEntry> _history = [];
    private readonly List<PlannedToolCall> _toolCalls = [];
    private readonly List<TurnLatency> _latencies = [];
    private TimeSpan _at;
    private TimeSpan? _answeredAt;
    private string _status;
    private ScriptedAssistant? _assistant;
    private int _turn;
    private int _interruptions;

    public TimelineBuilder(CallScript script, CallIds ids, double scale)
    {
        (_script, _ids, _scale) = (script, ids, scale);
        _random = new Random(script.Seed);
        _asked = new HashSet<string>(script.ServerMessages, StringComparer.Ordinal);
        _asked.UnionWith(ServerMessageTypes.AlwaysSent);
        _status = script.Direction == CallDirection.Inbound ? "ringing" : "queued";
        _assistant = script.AsksForAssistant ? null : script.Assistant;
    }

    /// <summary>Continues another timeline from one of its steps.</summary>
    public TimelineBuilder(CallTimeline timeline, int step, TimeSpan at)
        : this(timeline.Script, timeline.Ids, scale: 1)
    {
        _steps.AddRange(timeline.Steps.Take(step));
        _toolCalls.AddRange(timeline.ToolCalls);
        if (_steps is not [.., var last])
        {
            return;
        }

        (_at, _status, _assistant) = (last.At > at ? last.At : at, last.Status, last.Assistant);
        _history.AddRange(timeline.History.Take(last.History));
        _answeredAt = timeline.AnsweredAt <= last.At ? timeline.AnsweredAt : null;
        _latencies.AddRange(timeline.Latencies.Take(_history.Count(entry => entry.Role == HistoryRole.Bot)));
        _interruptions = _steps.Count(done => done.Type == "user-interrupted");
    }

    public CallTimeline Build(DateTimeOffset startedAt)
    {
        Begin();
        if (!_script.Ending.BeforeStart)
        {
            foreach (var turn in _script.Turns)
            {
                Take(turn);
            }
        }

        return End(_script.Ending, startedAt);
    }

    public CallTimeline End(CallEnding ending, DateTimeOffset startedAt)
    {
        Wait(400);
        _status = "ended";
        var endedAt = _at;
        Step("status-update", (json, context) => CallSteps.Ended(json, context, ending), isSent: ending.StatusIsSent);
        _at += ending.ReportDelay;
        Step("end-of-call-report", ReportWriter.Write, isSent: ending.ReportIsSent);
        Wait(1500);
        Step("call.artifact.upload", CallSteps.ArtifactUpload);
        return new CallTimeline(_script, _ids, startedAt)
        {
            Steps = _steps,
            History = _history,
            ToolCalls = _toolCalls,
            Ending = ending,
            AnsweredAt = _answeredAt,
            EndedAt = endedAt,
            Latencies = _latencies,
            Interruptions = _interruptions,
        };
    }

    private void Begin()
    {
        if (_script.AsksForAssistant)
        {
            Step("assistant-request", CallSteps.Nothing);
            Wait(300);
        }

        // For inbound calls Vapi often leaves the first states out.
        if (_script.Direction == CallDirection.Outbound)
        {
            Status("queued");
            Wait(900);
        }

        if (_script.Direction == CallDirection.Outbound || (_script.Direction == CallDirection.Inbound && _script.Seed % 2 != 0))
        {
            Status("ringing");
            Wait(2000);
        }

        if (_script.Ending.BeforeStart)
        {
            return;
        }

        _assistant = _script.Assistant;
        Status("in-progress");
        _answeredAt = _at;
        Wait(60);
        Started(_script.Assistant);
    }

    private void Take(ScriptTurn turn)
    {
        switch (turn)
        {
            case AssistantSays says: Says(says); break;
            case CallerSays says: Hears(says.Text); break;
            case CallsTools tools: Call(tools); break;
            case Transfers transfer: Transfer(transfer); break;
            case HandsOver handover: HandOver(handover); break;
            case Silence silence: _at += silence.For * _scale; break;
            case OtherMessage other: Step(other.Type, OtherMessages.Of(other.Type)); break;
            default: throw new ArgumentOutOfRangeException(nameof(turn), turn, "Not a turn.");
        }
    }

    private void Says(AssistantSays says)
    {
        var turn = ++_turn;
        var turnId = _ids.Turn(turn);
        var latency = new TurnLatency(Between(280, 700), Between(110, 260), Between(60, 140), Between(200, 500));
        _latencies.Add(latency);
        Wait(latency.Turn);
        Step("model-output", (json, _) => CallSteps.ModelOutput(json, turnId, says.Text.Split(' ')[0]));
        Step("model-output", (json, _) => CallSteps.ModelOutput(json, turnId, says.Text));
        Step("voice-input", (json, _) => json.WriteString("input", says.Text));
        Step("assistant.speechStarted", (json, _) => CallSteps.SpeechStarted(json, says.Text, turn));
        Speech("started", "assistant");
        var words = says.Text.Split(' ');
        var heard = says.InterruptedAt is { } share ? string.Join(' ', words.Take(Math.Max(1, (int)(words.Length * share)))) : says.Text;
        var began = _at;
        WaitForWords(heard);
        if (says.InterruptedAt is not null)
        {
            _interruptions++;
            Step("user-interrupted", (json, _) => json.WriteString("turnId", turnId));
        }

        Speech("stopped", "assistant");
        Said(HistoryRole.Bot, began, heard);
        Transcript("assistant", heard, isFinal: true);
        Step("conversation-update", CallSteps.Conversation);
    }

    private void Hears(string text)
    {
        _turn++;
        Wait(Between(500, 1400));
        Speech("started", "user");
        var began = _at;
        var words = text.Split(' ');
        WaitForWords(string.Join(' ', words.Take(words.Length / 2)));
        Transcript("user", string.Join(' ', words.Take(Math.Max(1, words.Length / 2))), isFinal: false);
        WaitForWords(string.Join(' ', words.Skip(words.Length / 2)));
        Said(HistoryRole.User, began, text);
        Transcript("user", text, isFinal: true);
        Speech("stopped", "user");
        Step("conversation-update", CallSteps.Conversation);
    }

    private void Call(CallsTools tools)
    {
        var calls = new List<PlannedToolCall>();
        foreach (var call in tools.IsLegacy ? tools.Calls.Take(1) : tools.Calls)
        {
            var planned = new PlannedToolCall(_toolCalls.Count, _ids.ToolCall(_toolCalls.Count), call);
            _toolCalls.Add(planned);
            calls.Add(planned);
        }

        Wait(Between(280, 700));
        _history.Add(new HistoryEntry(HistoryRole.ToolCalls, _at, TimeSpan.Zero, string.Empty, calls));
        Step(tools.IsLegacy ? "function-call" : "tool-calls", tools.IsLegacy ? CallSteps.FunctionCall : CallSteps.ToolCalls, asks: calls);
        Wait(tools.Hangs ? 4000 : Between(80, 400));
        if (tools.Hangs)
        {
            Step("hang", CallSteps.Nothing);
            Wait(600);
        }

        foreach (var call in calls)
        {
            _history.Add(new HistoryEntry(HistoryRole.ToolResult, _at, TimeSpan.Zero, call.Call.Name, [call]));
        }

        Step("conversation-update", CallSteps.Conversation);
    }

    private void Transfer(Transfers transfer)
    {
        Wait(300);
        if (transfer.AsksFirst)
        {
            Step("transfer-destination-request", CallSteps.Nothing);
        }

        Wait(700);
        _status = "forwarding";
        Step("phone-call-control", (json, context) => CallSteps.Forward(json, context, transfer.Number));
        Step("status-update", (json, context) => CallSteps.Forwarding(json, context, transfer.Number));
        Step("transfer-update", (json, context) => CallSteps.TransferUpdate(json, context, transfer.Number));
    }

    private void HandOver(HandsOver handover)
    {
        Wait(300);
        if (handover.AsksFirst)
        {
            Step("handoff-destination-request", CallSteps.HandoffRequest);
        }

        var from = _assistant;
        Step("transfer-update", (json, context) => CallSteps.Handover(json, context, from, handover.To));
        _assistant = handover.To;
        Wait(80);
        Started(handover.To);
    }

    private void Started(ScriptedAssistant assistant) => Step("assistant.started", (json, context) => CallSteps.Started(json, context, assistant));

    private void Status(string status)
    {
        _status = status;
        Step("status-update", (json, _) => json.WriteString("status", status));
    }

    private void Speech(string status, string role)
    {
        var turn = _turn;
        Step("speech-update", (json, _) => CallSteps.Speech(json, status, role, turn));
    }

    private void Transcript(string role, string text, bool isFinal)
    {
        var isLiteral = isFinal && !_asked.Contains("transcript") && _asked.Contains(ServerMessageTypes.FinalTranscript);
        Step(isLiteral ? ServerMessageTypes.FinalTranscript : "transcript", (json, context) => CallSteps.Transcript(json, context, role, text, isFinal));
    }

    private void Said(HistoryRole role, TimeSpan began, string text) => _history.Add(new HistoryEntry(role, began, _at - began, text, []));

    private void Step(string type, Action<Utf8JsonWriter, StepContext> write, bool isSent = true, IReadOnlyList<PlannedToolCall>? asks = null) =>
        _steps.Add(new TimelineStep(_steps.Count, _at, type, isSent && _asked.Contains(type), _history.Count, _status, _assistant, write) { Asks = asks ?? [] });

    private void Wait(int milliseconds) => _at += TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(milliseconds * _scale)));

    private void WaitForWords(string text) => Wait((int)(s_perWord * Math.Max(1, text.Count(letter => letter == ' ') + 1)).TotalMilliseconds);

    private int Between(int least, int most) => _random.Next(least, most);
}

using System.Text.Json;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Observability;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.CallLog;

/// <summary>What the reporter knows of a call before it begins.</summary>
/// <param name="KeepsWords">Off: nothing that was said, and no tool's result, leaves the call (<c>artifactPlan.transcriptPlan.enabled: false</c>).</param>
internal sealed record CallFile(CallHeader Header, bool KeepsWords, string? Transcriber, string? Voice)
{
    /// <summary>A warm-up: leaves no figures and no trace.</summary>
    public bool IsRehearsal { get; init; }
}

/// <summary>
/// Told by the session what happens in its call, in order and on its loop; makes of it the messages of the call log, the turns' latencies and the trace. Never waits and never throws: a call does not
/// fail because its log does.
/// </summary>
/// <param name="post">Takes a message.</param>
/// <param name="reported">Called behind the last one.</param>
internal sealed partial class CallReporter(CallFile file, Action<CallMessage> post, Action reported, RateOptions rates, TimeProvider time, ILogger logger)
{
    /// <summary>As many as the fold reads of a report.</summary>
    private const int MostLines = 4000;

    /// <summary>A last sound that is longer ago was not the end of this turn.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly MessageWriter _messages = new(file.Header);
    private readonly SpeechEdge _edge = new(time);
    private readonly List<CallLine> _lines = [];
    private readonly List<TurnTimeline> _replies = [];
    private readonly List<TurnLatency> _turns = [];
    private TurnSpans? _spans;
    private DateTimeOffset _startedAt;
    private DateTimeOffset _endedAt;
    private DateTimeOffset _lastAt;
    private long _started;
    private long? _turnBegan;
    private (long? Silent, long? EndHeard) _ending;
    private (long? Silent, long? EndHeard, long Decided)? _unanswered;
    private string _reason = "";
    private int _interruptions;

    /// <summary>The caller's audio, from the reader of the line.</summary>
    public void Listen(ReadOnlySpan<byte> audio) => _edge.Hear(audio);

    public void Started()
    {
        (_startedAt, _started) = (time.GetUtcNow(), time.GetTimestamp());
        _spans = file.IsRehearsal ? null : new TurnSpans(time, _startedAt, _started, file.Header.Id);
        Post("status-update", isDetail: false, json => json.WriteString("status", "in-progress"));
        Post("assistant.started", isDetail: false, json => _messages.WriteAssistant(json, "newAssistant"));
    }

    /// <param name="receivedAt">Timestamp of the clock.</param>
    public void Heard(TurnEvent.Speech speech, long receivedAt)
    {
        _turnBegan ??= receivedAt;
        if (speech.Kind is not (TranscriptKind.Paused or TranscriptKind.Over))
        {
            return;
        }

        if (speech.Text.Length == 0)
        {
            _turnBegan = null; // it was nothing
        }
        else
        {
            _ending = (_edge.Last is { } last && time.GetElapsedTime(last, receivedAt) < s_longestPause ? last : null, receivedAt);
        }
    }

    public void Committed(string text)
    {
        var now = time.GetTimestamp();
        _unanswered = (_ending.Silent, _ending.EndHeard, now);
        Say("user", KeypadText.Of(text), Wall(_turnBegan ?? now), Wall(_ending.Silent ?? now), wasInterrupted: false);
        (_turnBegan, _ending) = (null, default);
    }

    public void ReplyBegun(Reply reply)
    {
        reply.Times.Mark(Moment.Begun, time);
        _replies.Add(reply.Times);
        _spans?.Begin(reply.Times, KindOf(reply.Kind));
        if (reply is { IsConfirmed: true, Kind: not (ReplyKind.Greeting or ReplyKind.SilencePrompt) })
        {
            ReplyConfirmed(reply);
        }
    }

    /// <summary>It answers the turn that was committed last: a farewell or an apology does too, where the answer had no words.</summary>
    public void ReplyConfirmed(Reply reply)
    {
        if (_unanswered is not { } turn)
        {
            return;
        }

        (_unanswered, reply.Times.IsAnswer) = (null, true);
        reply.Times.Mark(Moment.Decided, turn.Decided);
        if (turn.EndHeard is { } heard)
        {
            reply.Times.Mark(Moment.EndHeard, heard);
        }

        if (turn.Silent is { } silent)
        {
            reply.Times.Mark(Moment.Silent, silent);
        }
    }

    /// <summary>Some of its speech has left; the first time counts. The sound of thinking is no speech.</summary>
    public void ReplySpeaks(Reply reply)
    {
        if (reply.Times[Moment.FirstFrame] is not null)
        {
            return;
        }

        reply.Times.Mark(Moment.FirstFrame, time);
        if (!reply.Times.IsAnswer || file.IsRehearsal)
        {
            return;
        }

        var figures = TurnFigures.Of(reply.Times, time);
        Record(Telemetry.VoiceToVoice, figures.VoiceToVoice);
        Record(Telemetry.VoiceTurn, figures.Turn);
        Record(Telemetry.VoiceOwnShare, figures.OwnShare);
        if (figures.Voice is { } voice)
        {
            Telemetry.VoiceFirstByte.Record(voice.TotalSeconds, new KeyValuePair<string, object?>(Telemetry.Tag.Provider, file.Voice));
        }

        if (_turns.Count < MostLines)
        {
            _turns.Add(new TurnLatency(Of(figures.VoiceToVoice), Of(figures.Endpointing), Of(figures.Transcriber), Of(figures.Model), Of(figures.Voice)));
        }
    }

    /// <summary>All of it was heard; or it had nothing to say, or could not be made.</summary>
    public void ReplyFinished(Reply reply, string said)
    {
        Release(reply);
        End(reply, reply.HasFailed ? "failed" : "heard");
        Say(reply, said, wasInterrupted: false);
    }

    /// <param name="heard">What the caller heard of it.</param>
    /// <param name="byCaller">False when something else stopped it: the end of the call.</param>
    public void ReplyInterrupted(Reply reply, string heard, bool byCaller)
    {
        End(reply, "interrupted");
        Say(reply, heard, wasInterrupted: true);
        if (byCaller)
        {
            _interruptions++;
            Post("user-interrupted", isDetail: true, json => json.WriteString("turnId", $"r{reply.Generation}"));
        }
    }

    /// <summary>Nobody heard anything of it.</summary>
    public void ReplyDiscarded(Reply reply)
    {
        Release(reply);
        End(reply, "discarded");
    }

    public void Called(IReadOnlyList<ModelToolCall> calls)
    {
        IReadOnlyList<(string, string)> told = [.. calls.Select(c => (c.Id, c.Name))];
        var at = Post("tool-calls", isDetail: true, json => MessageWriter.WriteCalls(json, "toolCallList", told));
        Add(new CallLine.Called(told, at));
    }

    /// <param name="result">What the model is told.</param>
    public void Returned(string toolCallId, string result)
    {
        if (!file.KeepsWords)
        {
            return;
        }

        var at = Wall(time.GetTimestamp());
        Add(new CallLine.Returned(toolCallId, result, at));
    }

    /// <summary>Whether the caller agreed to be recorded.</summary>
    public void ConsentDecided(CallRecording recording) => Post("recording-consent", isDetail: false, json => CallReport.WriteConsent(json, recording));

    /// <summary>The caller is gone, or sent on.</summary>
    /// <param name="reason">The session's word; null when it broke off.</param>
    /// <param name="transferTo">E.164 of whom the caller is sent on to, unless they hung up before.</param>
    /// <param name="handedTo">Name of the assistant that goes on with them.</param>
    public void Over(string? reason, string? transferTo, string? handedTo = null)
    {
        (_reason, _endedAt) = (EndWords.Of(reason), Wall(time.GetTimestamp()));
        if (_reason == EndWords.Forwarded && transferTo is not null)
        {
            Forward(transferTo);
        }
        else if (_reason == EndWords.Forwarded && handedTo is not null)
        {
            Post("transfer-update", isDetail: false, json => WriteHandoff(json, handedTo));
        }

        Post("status-update", isDetail: false, json =>
        {
            json.WriteString("status", "ended");
            json.WriteString("endedReason", _reason);
        });
    }

    /// <summary>The last word, when all makers of replies have ended. Not before <see cref="Over"/>.</summary>
    public void Report(CallRecording? recording = null)
    {
        var usage = new CallUsage(_endedAt - _startedAt, file.Transcriber, [.. _replies.SelectMany(r => r.Tokens)], file.Voice, _replies.Sum(r => r.Characters));
        var report = new CallReport
        {
            EndedReason = _reason,
            StartedAt = _startedAt,
            EndedAt = _endedAt,
            Lines = _lines,
            Turns = _turns,
            Interruptions = _interruptions,
            Usage = usage,
            Recording = recording,
            Cost = CostEstimate.Of(usage, rates),
        };
        Post("end-of-call-report", isDetail: false, report.WriteTo);
        reported();
        _spans?.End(_reason);
    }

    private void Forward(string number)
    {
        Post("transfer-update", isDetail: false, json => WriteDestination(json, number));
        Post("status-update", isDetail: false, json =>
        {
            json.WriteString("status", "forwarding");
            WriteDestination(json, number);
        });
    }

    private void Say(Reply reply, string text, bool wasInterrupted)
    {
        if (text.Length > 0)
        {
            var over = Wall(time.GetTimestamp());
            Say("assistant", text, reply.Times[Moment.FirstFrame] is { } first ? Wall(first) : over, over, wasInterrupted);
        }
    }

    private void Say(string role, string text, DateTimeOffset from, DateTimeOffset until, bool wasInterrupted)
    {
        if (!file.KeepsWords)
        {
            return;
        }

        until = until > from ? until : from;
        Add(new CallLine.Words(role, text, from, until, wasInterrupted));
        Post("transcript", isDetail: true, json =>
        {
            json.WriteString("role", role);
            json.WriteString("transcriptType", "final");
            json.WriteString("transcript", text);
            json.WriteNumber("time", from.ToUnixTimeMilliseconds());
            json.WriteNumber("endTime", until.ToUnixTimeMilliseconds());
            if (wasInterrupted)
            {
                json.WriteBoolean("interrupted", true);
            }
        });
    }

    /// <summary>The caller still waits when nothing of it was heard.</summary>
    private void Release(Reply reply)
    {
        if (reply.Times is { IsAnswer: true } times && times[Moment.FirstFrame] is null && times[Moment.Decided] is { } decided)
        {
            _unanswered = (times[Moment.Silent], times[Moment.EndHeard], decided);
        }
    }

    private void End(Reply reply, string outcome)
    {
        reply.Times.Mark(Moment.Over, time);
        _spans?.End(reply.Times, outcome);
    }

    private void Add(CallLine line)
    {
        if (_lines.Count < MostLines)
        {
            _lines.Add(line);
        }
    }

    /// <summary>Without Vapi's <c>toAssistant</c>: it would speak from then on in this leg of the call, and here its leg is the next one.</summary>
    private static void WriteHandoff(Utf8JsonWriter json, string assistant)
    {
        json.WriteStartObject("destination");
        json.WriteString("type", "assistant");
        json.WriteString("assistantName", assistant);
        json.WriteEndObject();
    }

    private static void WriteDestination(Utf8JsonWriter json, string number)
    {
        json.WriteStartObject("destination");
        json.WriteString("type", "number");
        json.WriteString("number", number);
        json.WriteEndObject();
    }

    /// <returns>The message's time. Times of a call's messages differ, since they are the only order that the log has.</returns>
    private DateTimeOffset Post(string type, bool isDetail, Action<Utf8JsonWriter> more)
    {
        var now = Wall(time.GetTimestamp());
        _lastAt = now > _lastAt.AddMilliseconds(1) ? now : _lastAt.AddMilliseconds(1);
        try
        {
            post(new CallMessage(_messages.Write(type, _lastAt, more), isDetail, _lastAt));
        }
        catch (Exception e)
        {
            Telemetry.CallLogDrops.Add(1, new KeyValuePair<string, object?>(Telemetry.Tag.Reason, "unwritable"));
            LogBug(type, e.GetType().FullName!);
        }

        return _lastAt;
    }

    /// <summary>Of the clock's timestamp: a call's times go on evenly though somebody sets the machine's time.</summary>
    private DateTimeOffset Wall(long timestamp) => _startedAt + time.GetElapsedTime(_started, timestamp);

    private static double? Of(TimeSpan? latency) => latency?.TotalMilliseconds;

    private static void Record(System.Diagnostics.Metrics.Histogram<double> figure, TimeSpan? value)
    {
        if (value is { } known)
        {
            figure.Record(known.TotalSeconds);
        }
    }

    private static string KindOf(ReplyKind kind) => kind switch
    {
        ReplyKind.Greeting => "greeting",
        ReplyKind.Answer => "answer",
        ReplyKind.SilencePrompt => "silence_prompt",
        ReplyKind.Apology => "apology",
        _ => "farewell",
    };

    [LoggerMessage(3405, LogLevel.Error, "A message of type {Type} could not be written for the call log: {Exception}")]
    private partial void LogBug(string type, string exception);
}

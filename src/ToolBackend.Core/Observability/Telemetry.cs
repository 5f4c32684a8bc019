using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ToolBackend.Core.Observability;

/// <summary>Every span, metric and attribute name of the product. Values are bounded sets: never a number, a name or an id of a person.</summary>
public static class Telemetry
{
    public const string SourceName = "ToolBackend";

    public static readonly ActivitySource Spans = new(SourceName);
    public static readonly Meter Meter = new(SourceName);

    /// <summary>Seconds. The buckets follow the budget: 200 ms target, 1.5 s wall.</summary>
    private static readonly InstrumentAdvice<double> s_latency = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.010, 0.025, 0.050, 0.100, 0.200, 0.500, 1.0, 1.5, 5.0],
    };

    public static class Span
    {
        public const string Tool = "execute_tool";
        public const string Write = "toolbackend.write";

        /// <summary>A call of the own pipeline; in it turns, in them stt, llm, tts and <see cref="Tool"/>.</summary>
        public const string Conversation = "toolbackend.conversation";

        public const string Turn = "toolbackend.turn";
        public const string Stt = "toolbackend.stt";
        public const string Llm = "toolbackend.llm";
        public const string Tts = "toolbackend.tts";
    }

    public static class Tag
    {
        public const string Tool = "gen_ai.tool.name";
        public const string Outcome = "toolbackend.outcome";
        public const string Failed = "toolbackend.failed";
        public const string Source = "toolbackend.cache.source";
        public const string CacheKind = "toolbackend.cache.kind";
        public const string Reason = "toolbackend.reason";
        public const string MessageType = "toolbackend.message.type";
        public const string Scheme = "toolbackend.auth.scheme";
        public const string KeyId = "toolbackend.auth.key";
        public const string HttpMethod = "http.request.method";
        public const string HttpRoute = "http.route";
        public const string HttpStatus = "http.response.status_code";
        public const string Command = "toolbackend.control.command";
        public const string Table = "toolbackend.table";
        public const string Job = "toolbackend.job";

        /// <summary>Of spans only: as a metric's tag it would make one series a call.</summary>
        public const string CallId = "toolbackend.call.id";
        public const string ErrorType = "error.type";
        public const string Provider = "gen_ai.provider.name";
        public const string NextProvider = "toolbackend.provider.next";
        public const string Model = "gen_ai.request.model";
        public const string Reply = "toolbackend.reply.kind";
    }

    /// <summary>Seconds from dispatch to answer of one tool call; tags tool, outcome, source.</summary>
    public static readonly Histogram<double> ToolDuration =
        Meter.CreateHistogram("gen_ai.execute_tool.duration", "s", "Duration of one tool call", advice: s_latency);

    /// <summary>Tool calls answered at the wall while their work went on; tag tool.</summary>
    public static readonly Counter<long> ToolsAtWall = Meter.CreateCounter<long>("toolbackend.tool.wall", "{call}", "Answers sent at the wall");

    public static readonly Counter<long> CacheReads = Meter.CreateCounter<long>("toolbackend.cache.reads", "{read}", "Cache reads by kind and source");
    public static readonly Counter<long> CacheInvalidations = Meter.CreateCounter<long>("toolbackend.cache.invalidations", "{event}", "Change notifications applied");
    public static readonly Counter<long> RedisSkips = Meter.CreateCounter<long>("toolbackend.redis.skips", "{operation}", "Redis operations given up (deadline, breaker, connection)");
    public static readonly Counter<long> ListenerLosses = Meter.CreateCounter<long>("toolbackend.listener.losses", "{event}", "Times the change listener lost its link");
    public static readonly Counter<long> WriteRetries = Meter.CreateCounter<long>("toolbackend.write.retries", "{retry}", "Transactions run again after a deadlock, a serialization failure or a lost connection");
    public static readonly Counter<long> LogDrops = Meter.CreateCounter<long>("toolbackend.invocation_log.drops", "{row}", "Invocation rows dropped because the queue was full");

    public static readonly Counter<long> WebhookMessages = Meter.CreateCounter<long>("toolbackend.webhook.messages", "{message}", "Authenticated webhook messages by type");
    public static readonly Counter<long> WebhookRefusals = Meter.CreateCounter<long>("toolbackend.webhook.refusals", "{request}", "Refused webhook requests by reason");
    public static readonly Counter<long> Overload = Meter.CreateCounter<long>("toolbackend.http.overload", "{request}", "Requests answered 503 by the concurrency limit");

    /// <summary>Call events per commit.</summary>
    public static readonly Histogram<int> CallEventGroups = Meter.CreateHistogram<int>("toolbackend.call_event.group", "{event}", "Call events per commit", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });

    public static readonly Counter<long> CallEventRefusals = Meter.CreateCounter<long>("toolbackend.call_event.refusals", "{event}", "Call events that were not taken, by reason");
    public static readonly Counter<long> CallEventFlaws = Meter.CreateCounter<long>("toolbackend.call_event.flaws", "{event}", "Call events whose body could not be kept, by reason");
    public static readonly Counter<long> CallFolds = Meter.CreateCounter<long>("toolbackend.call.folds", "{call}", "Calls folded from their events");

    /// <summary>Seconds of one transaction that folds calls.</summary>
    public static readonly Histogram<double> CallFoldDuration = Meter.CreateHistogram("toolbackend.call.fold.duration", "s", "Duration of one transaction that folds calls", advice: s_latency);

    public static readonly Counter<long> CallFoldFailures = Meter.CreateCounter<long>("toolbackend.call.fold.failures", "{call}", "Calls that could not be folded: a bug");

    public static readonly Counter<long> LivePassedOver = Meter.CreateCounter<long>("toolbackend.live.passed_over", "{event}", "Times a stream was too slow for its queue and went on from the table");
    public static readonly Counter<long> LiveMomentDrops = Meter.CreateCounter<long>("toolbackend.live.moment.drops", "{moment}", "Moments dropped because a queue was full");
    public static readonly Counter<long> JobRuns = Meter.CreateCounter<long>("toolbackend.job.runs", "{run}", "Runs of the leader's jobs by job and outcome (done, upstream, late, bug)");
    public static readonly Counter<long> CallInquiries = Meter.CreateCounter<long>("toolbackend.reaper.inquiries", "{call}", "Silent calls asked for by answer (ended, live, unknown, none)");
    public static readonly Counter<long> CallsReaped = Meter.CreateCounter<long>("toolbackend.reaper.reaped", "{call}", "Calls that were ended because nobody knows their end, by reason");
    public static readonly Counter<long> Outages = Meter.CreateCounter<long>("toolbackend.intake.outages", "{outage}", "Gaps in which no replica could store events");
    public static readonly Counter<long> CallsBackfilled = Meter.CreateCounter<long>("toolbackend.backfill.calls", "{call}", "Calls fetched after an outage");
    public static readonly Counter<long> RowsDeleted = Meter.CreateCounter<long>("toolbackend.retention.deleted", "{row}", "Rows deleted because their time was over, by table");
    public static readonly Counter<long> CallControls = Meter.CreateCounter<long>("toolbackend.control.commands", "{command}", "Commands to live calls by type and outcome");

    public static readonly Counter<long> TranscriberSwitches =
        Meter.CreateCounter<long>("toolbackend.transcriber.switches", "{switch}", "Connections to transcribers that were replaced within a call, by the lost provider, the next one and the fault");

    public static readonly Counter<long> VoiceSwitches =
        Meter.CreateCounter<long>("toolbackend.voice.switches", "{switch}", "Utterances that broke off and were gone on with, by the failed provider, the next one and the fault");

    /// <summary>Seconds from the question to the first piece of the answer that was taken; tags provider, model.</summary>
    public static readonly Histogram<double> LanguageFirstToken =
        Meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first piece of a model's answer", advice: s_latency);

    /// <summary>Seconds from the caller's last sound to the first audio that left for them.</summary>
    public static readonly Histogram<double> VoiceToVoice = Meter.CreateHistogram("toolbackend.voice.voice_to_voice", "s", "From the caller's last sound to our first audio", advice: s_latency);

    /// <summary>Seconds from the transcriber's word that the turn is over to the first audio that left.</summary>
    public static readonly Histogram<double> VoiceTurn = Meter.CreateHistogram("toolbackend.voice.turn", "s", "From the transcriber's end of turn to our first audio", advice: s_latency);

    /// <summary>Seconds of a turn that were nobody else's: asking the model, and sending audio that was there.</summary>
    public static readonly Histogram<double> VoiceOwnShare = Meter.CreateHistogram("toolbackend.voice.own_share", "s", "Our own part of a turn", advice: s_latency);

    /// <summary>Seconds from the first words given to a voice to its first audio; tag provider.</summary>
    public static readonly Histogram<double> VoiceFirstByte = Meter.CreateHistogram("toolbackend.voice.first_audio", "s", "Time to the first audio of a voice", advice: s_latency);

    public static readonly Counter<long> CallLogDrops = Meter.CreateCounter<long>("toolbackend.call_log.drops", "{event}", "Events of the own pipeline that did not reach the call log, by reason");

    public static readonly Counter<long> BypassCalls = Meter.CreateCounter<long>("toolbackend.bypass.calls", "{call}", "Calls offered to Vapi by outcome (taken, late, unavailable, full, refused, key, broken)");
    public static readonly Counter<long> CallsResumed = Meter.CreateCounter<long>("toolbackend.calls.resumed", "{call}", "Calls whose stream ended elsewhere, by what followed (resumed, meant, no-seat)");
    public static readonly Counter<long> CallOrders = Meter.CreateCounter<long>("toolbackend.call.orders", "{order}", "Orders to place, forward or hang up a call, by kind and what became of them (done, vapi, pipeline, or why not)");
    public static readonly Counter<long> ProviderTransitions = Meter.CreateCounter<long>("toolbackend.provider.transitions", "{transition}", "Changes of a provider's health, by provider, new phase and cause");

    public static readonly Counter<long> LanguageHedges = Meter.CreateCounter<long>("toolbackend.language.hedges", "{request}", "Requests sent beside one that was late, by the late provider");
    public static readonly Counter<long> LanguageFailovers = Meter.CreateCounter<long>("toolbackend.language.failovers", "{request}", "Requests sent after one that failed, by the failed provider and reason");
    public static readonly Counter<long> LanguageCuts = Meter.CreateCounter<long>("toolbackend.language.cuts", "{answer}", "Answers that broke off after some was handed out, by provider and reason");
    public static readonly Counter<long> LanguageFailures = Meter.CreateCounter<long>("toolbackend.language.failures", "{answer}", "Questions that no provider answered, by the last one and its reason");
}

namespace ToolBackend.Core.Tools;

/// <summary>How a tool call ended: a value, with the sentence the assistant may say. Each tool nests its own closed set.</summary>
public abstract record ToolOutcome
{
    /// <summary>A short stable name for logs, metrics and the invocation log: snake case, never data.</summary>
    public abstract string Code { get; }

    /// <summary>
    /// For the ear: one line, no codes that nobody asked for, times in the business's zone, and what to do next when something failed.
    /// </summary>
    public abstract string Say { get; }

    /// <summary>True when the tool could not do its work. The voice platform is told, so that its own failure message can apply.</summary>
    public virtual bool Failed => false;
}

/// <summary>The arguments could not be used as they are; the sentence says what to ask the caller.</summary>
public sealed record ArgumentsRefused(string Reason) : ToolOutcome
{
    public override string Code => "arguments_refused";

    public override string Say => Reason;

    public override bool Failed => true;
}

/// <summary>The same tool call was answered before; this is that answer.</summary>
public sealed record Replayed(string OriginalCode, string Answer, bool OriginallyFailed) : ToolOutcome
{
    public override string Code => OriginalCode;

    public override string Say => Answer;

    public override bool Failed => OriginallyFailed;
}

/// <summary>The id of this tool call already stands for a request with other arguments.</summary>
public sealed record KeyReused : ToolOutcome
{
    public override string Code => "key_reused";

    public override string Say => "That request was mixed up with an earlier one and was not carried out. Ask the caller to say again what they want.";

    public override bool Failed => true;
}

/// <summary>The message had no call or tool call id, so a repeated delivery could not be told from a second wish.</summary>
public sealed record NotRepeatable : ToolOutcome
{
    public override string Code => "no_idempotency_key";

    public override string Say => "I can't make changes on this call. Offer to transfer the caller to a person.";

    public override bool Failed => true;
}

/// <summary>The wall was reached; the work goes on behind it.</summary>
public sealed record StillWorking : ToolOutcome
{
    public override string Code => "still_working";

    public override string Say => "I'm still working on that, it is taking longer than usual. Do not say that it is done: wait a moment, then call the same tool again to get the result.";

    public override bool Failed => true;
}

/// <summary>A read found no answer in time, or its source is down.</summary>
public sealed record LookupUnavailable : ToolOutcome
{
    public override string Code => "lookup_unavailable";

    public override string Say => "I can't look that up right now. Apologize, and offer to try again in a moment or to transfer the caller to a person.";

    public override bool Failed => true;
}

/// <summary>A write failed before anything was committed.</summary>
public sealed record NothingChanged : ToolOutcome
{
    public override string Code => "nothing_changed";

    public override string Say => "I couldn't reach the system, so nothing was changed. Say so plainly, and offer to try again in a moment or to transfer the caller to a person.";

    public override bool Failed => true;
}

/// <summary>The write may or may not have been committed, and it could not be found out in time.</summary>
public sealed record OutcomeUnknown : ToolOutcome
{
    public override string Code => "outcome_unknown";

    public override string Say => "I can't tell yet whether that went through. Do not say that it is done: call the same tool again in a moment to find out, or offer to transfer the caller to a person.";

    public override bool Failed => true;
}

/// <summary>Too many look-ups without proof of identity.</summary>
public sealed record LookupsExhausted : ToolOutcome
{
    public override string Code => "lookups_exhausted";

    public override string Say => "For security I can't look up any more records on this call. Offer to transfer the caller to a person.";

    public override bool Failed => true;
}

using NodaTime;

namespace ToolBackend.Core.Speech;

/// <summary>What was understood of a date. A closed set; every refusal carries the sentence to say.</summary>
public abstract record DateReading
{
    private DateReading()
    {
    }

    /// <summary>One date, today or later.</summary>
    public sealed record Read(LocalDate Date) : DateReading;

    /// <summary>More than one date could be meant; <c>Ask</c> is the question.</summary>
    public sealed record Ambiguous(string Ask) : DateReading;

    /// <summary>One date, but before today. <c>Say</c> also names today: models often have the year wrong.</summary>
    public sealed record Past(LocalDate Date, string Say) : DateReading;

    public sealed record Unreadable(string Say) : DateReading;
}

/// <summary>What was understood of a time of day. A closed set; every refusal carries the sentence to say.</summary>
public abstract record TimeReading
{
    private TimeReading()
    {
    }

    public sealed record Read(LocalTime Time) : TimeReading;

    /// <summary>Morning or afternoon is open, or only a part of the day was named; <c>Ask</c> is the question.</summary>
    public sealed record Ambiguous(string Ask) : TimeReading;

    public sealed record Unreadable(string Say) : TimeReading;
}

namespace ToolBackend.Core.Observability.Digits;

/// <summary>Digits that were written or said in one piece.</summary>
/// <param name="Start">Offset in the text.</param>
/// <param name="End">Offset behind the last character.</param>
/// <param name="First">Index of its first digit in the run.</param>
/// <param name="Count">How many digits it stands for.</param>
/// <param name="Spoken">It was a word, or a digit that a word repeats.</param>
/// <param name="Joined">Whether a single space, dash or dot is all that separates it from the group before.</param>
internal readonly record struct DigitGroup(int Start, int End, int First, int Count, bool Joined, bool Spoken);

/// <summary>A row of digit groups with nothing between them but separators and words like "and". Buffers are the caller's.</summary>
internal ref struct DigitRun(Span<DigitGroup> groupBuffer, Span<byte> digitBuffer)
{
    /// <summary>Nobody says more digits in one breath than this: a longer row is masked whole.</summary>
    public const int MaxDigits = 128;

    private readonly Span<DigitGroup> groupBuffer = groupBuffer;
    private readonly Span<byte> digitBuffer = digitBuffer;
    private int groupCount;
    private int digitCount;

    public readonly ReadOnlySpan<DigitGroup> Groups => groupBuffer[..groupCount];

    public readonly ReadOnlySpan<byte> Digits => digitBuffer[..digitCount];

    /// <summary>A plus sign stands before it: a phone number, if it is short enough for one.</summary>
    public bool IsInternational { get; private set; }

    /// <summary>It went on beyond <see cref="MaxDigits"/>; its last group reaches to its end.</summary>
    public bool IsOverlong { get; private set; }

    public readonly bool IsEmpty => groupCount == 0;

    public void Clear()
    {
        groupCount = digitCount = 0;
        IsInternational = IsOverlong = false;
    }

    public void MarkInternational() => IsInternational = true;

    /// <summary>Adds ASCII or other decimal digits as they are written.</summary>
    public void AddWritten(ReadOnlySpan<char> text, int start, int end, bool joined)
    {
        var first = digitCount;
        for (var i = start; i < end && Reserve(end); i++)
        {
            digitBuffer[digitCount++] = (byte)System.Globalization.CharUnicodeInfo.GetDecimalDigitValue(text[i]);
        }

        Close(start, end, first, joined, spoken: false);
    }

    /// <summary>Adds a spoken number from 0 to 99, said <paramref name="times"/> times ("double four").</summary>
    public void AddSpoken(int value, int times, int start, int end)
    {
        var first = digitCount;
        for (var i = 0; i < times; i++)
        {
            if (value > 9 && Reserve(end))
            {
                digitBuffer[digitCount++] = (byte)(value / 10);
            }

            if (Reserve(end))
            {
                digitBuffer[digitCount++] = (byte)(value % 10);
            }
        }

        Close(start, end, first, joined: false, spoken: true);
    }

    /// <summary>"forty" was the last group and "one" follows: 41.</summary>
    public void Replace(int value, int end)
    {
        digitBuffer[digitCount - 1] = (byte)(value % 10);
        groupBuffer[groupCount - 1] = groupBuffer[groupCount - 1] with { End = end };
    }

    private bool Reserve(int end)
    {
        if (digitCount < MaxDigits)
        {
            return true;
        }

        IsOverlong = true;
        if (groupCount > 0)
        {
            groupBuffer[groupCount - 1] = groupBuffer[groupCount - 1] with { End = end };
        }

        return false;
    }

    private void Close(int start, int end, int first, bool joined, bool spoken)
    {
        if (digitCount > first)
        {
            groupBuffer[groupCount++] = new DigitGroup(start, end, first, digitCount - first, joined, spoken);
        }
    }
}

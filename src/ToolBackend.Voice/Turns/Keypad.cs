namespace ToolBackend.Voice.Turns;

/// <summary>Keys that a caller presses, taken as a turn.</summary>
internal static class Keypad
{
    private const int MostDigits = 64;

    public static void Press(Turn turn, char digit)
    {
        var plan = turn.Settings.Keypad;
        if (!plan.Enabled || turn.State.Call is not CallPhase.Live || !(char.IsAsciiDigit(digit) || digit is '*' or '#'))
        {
            return;
        }

        if (plan.Delimiters.Contains(digit, StringComparison.Ordinal))
        {
            Take(turn);
        }
        else if (turn.State.Digits.Length < MostDigits)
        {
            turn.State = Silence.Over(turn.State) with { Digits = turn.State.Digits + digit, KeysAt = turn.Now + plan.Timeout };
        }
    }

    public static void Take(Turn turn)
    {
        var digits = turn.State.Digits;
        turn.State = turn.State with { Digits = "", KeysAt = null };
        if (digits.Length > 0)
        {
            CallerTurns.Commit(turn, $"(pressed {string.Join(' ', digits.AsEnumerable())})");
        }
    }
}

namespace ToolBackend.Voice.Turns;

/// <summary>When a silent caller is spoken to, and when they are given up.</summary>
internal static class Silence
{
    public static bool IsSilent(TurnState state) => state is { Call: CallPhase.Live, Caller: CallerPhase.Silent, Reply: ReplyPhase.None, SilentSince: not null };

    public static TimeSpan? NextAt(TurnState state)
    {
        if (!IsSilent(state))
        {
            return null;
        }

        var given = Due(state, TimeSpan.MaxValue) is { } next ? state.PromptFrom!.Value + state.Settings.SilencePrompts[next].After : (TimeSpan?)null;
        var giveUp = state.SilentSince!.Value + state.Settings.SilenceTimeout;
        return given < giveUp ? given : giveUp;
    }

    /// <summary>The prompt that is due, by its place in the settings; the shortest first.</summary>
    public static int? Due(TurnState state, TimeSpan now)
    {
        var prompts = state.Settings.SilencePrompts;
        int? due = null;
        for (var i = 0; i < prompts.Count; i++)
        {
            var given = i < state.PromptsGiven.Count ? state.PromptsGiven[i] : 0;
            if (given < prompts[i].MaxCount && (now == TimeSpan.MaxValue || now >= state.PromptFrom + prompts[i].After) && (due is null || prompts[i].After < prompts[due.Value].After))
            {
                due = i;
            }
        }

        return due;
    }

    public static TurnState Count(TurnState state, int prompt)
    {
        var given = new int[state.Settings.SilencePrompts.Count];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = (i < state.PromptsGiven.Count ? state.PromptsGiven[i] : 0) + (i == prompt ? 1 : 0);
        }

        return state with { PromptsGiven = given };
    }

    /// <summary>The caller spoke: prompts that count per silence may be given again.</summary>
    public static TurnState Over(TurnState state)
    {
        var prompts = state.Settings.SilencePrompts;
        var kept = state.PromptsGiven.Count == 0 ? state.PromptsGiven : [.. state.PromptsGiven.Select((count, i) => prompts[i].ResetOnSpeech ? 0 : count)];
        return state with { SilentSince = null, PromptFrom = null, PromptsGiven = kept };
    }
}

using System.Collections.Immutable;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>How a request differs from what was asked.</summary>
internal enum RequestForm
{
    AsAsked,

    /// <summary>Temperature 0.</summary>
    Cold,

    WithoutTools,
}

internal enum StartReason
{
    First,

    /// <summary>The attempt before is late and goes on.</summary>
    Hedge,

    /// <summary>The attempt before failed.</summary>
    Failover,

    /// <summary>The attempt before failed, and the same provider is asked again.</summary>
    Retry,
}

/// <summary>One attempt that has given nothing yet.</summary>
/// <param name="Link">Index in the chain.</param>
/// <param name="StartedAt">From the beginning of the request.</param>
/// <param name="Failure">Null while it runs.</param>
internal readonly record struct AttemptView(int Link, RequestForm Form, TimeSpan StartedAt, ProviderException? Failure)
{
    public bool IsRunning => Failure is null;
}

/// <summary>A request that nobody has answered yet.</summary>
/// <param name="Open">Which links are worth asking, in order.</param>
/// <param name="Attempts">In the order they were started.</param>
/// <param name="Now">From the beginning of the request.</param>
/// <param name="MayRetry">The budget allows to ask a provider again.</param>
internal sealed record ChainView(ImmutableArray<bool> Open, IReadOnlyList<AttemptView> Attempts, TimeSpan Now, bool HasTools, bool MayRetry);

internal abstract record ChainStep
{
    /// <param name="IsRepeat">The provider was asked before: it costs of the budget.</param>
    public sealed record Start(int Link, RequestForm Form, StartReason Why, bool IsRepeat) : ChainStep;

    /// <summary>Nothing to do until an attempt ends or this moment comes.</summary>
    public sealed record Wait(TimeSpan Until) : ChainStep;

    /// <summary>Nobody can answer in time.</summary>
    public sealed record GiveUp : ChainStep;
}

/// <summary>Decides what a chain does until the first piece of an answer has come.</summary>
/// <remarks>
/// <code>
/// nobody has answered and ...                            then
/// the limit for the first token has passed               give up
/// nothing was tried                                      the first open link; all closed: the first
/// all failed, the last with tool_use_failed              the same provider: temperature 0, then without tools (budget)
/// all failed, a link is open and untried                 that link, at once
/// all failed, the last by a passing fault, tried once    the same provider on a new connection (budget)
/// all failed                                             give up
/// one runs, and the youngest is late                     the next open untried link beside it; a chain of one link: the same again (budget)
/// one runs                                               wait until the youngest is late, or the limit
/// </code>
/// ChainPolicyTests holds the table. Going on to another provider costs nothing of the budget: an outage of one must not make callers mute.
/// </remarks>
internal static class ChainPolicy
{
    public static ChainStep Next(ChainView view, LanguageOptions options)
    {
        if (view.Now >= options.FirstTokenLimit)
        {
            return new ChainStep.GiveUp();
        }

        if (view.Attempts.Count == 0)
        {
            return new ChainStep.Start(Math.Max(0, view.Open.IndexOf(true)), RequestForm.AsAsked, StartReason.First, IsRepeat: false);
        }

        return view.Attempts.Any(attempt => attempt.IsRunning) ? WhileRunning(view, options) : AfterFailure(view);
    }

    private static ChainStep AfterFailure(ChainView view)
    {
        var last = view.Attempts[^1];
        if (view.MayRetry && last.Failure!.Code == VendorFailure.ToolUseFailed && Softer(last.Form, view.HasTools) is { } form)
        {
            return new ChainStep.Start(last.Link, form, StartReason.Retry, IsRepeat: true);
        }

        if (Untried(view) is { } next)
        {
            return new ChainStep.Start(next, RequestForm.AsAsked, StartReason.Failover, IsRepeat: false);
        }

        return view.MayRetry && IsPassing(last.Failure!) && view.Attempts.Count(attempt => attempt.Link == last.Link) == 1
            ? new ChainStep.Start(last.Link, RequestForm.AsAsked, StartReason.Retry, IsRepeat: true)
            : new ChainStep.GiveUp();
    }

    private static ChainStep WhileRunning(ChainView view, LanguageOptions options)
    {
        var late = view.Attempts[^1].StartedAt + options.HedgeAfter;
        if (view.Now < late)
        {
            return new ChainStep.Wait(late < options.FirstTokenLimit ? late : options.FirstTokenLimit);
        }

        return Untried(view) is { } next ? new ChainStep.Start(next, RequestForm.AsAsked, StartReason.Hedge, IsRepeat: false)
            : view.MayRetry && view.Open.Length == 1 && view.Attempts.Count == 1 ? new ChainStep.Start(0, RequestForm.AsAsked, StartReason.Hedge, IsRepeat: true)
            : new ChainStep.Wait(options.FirstTokenLimit);
    }

    private static int? Untried(ChainView view)
    {
        for (var link = 0; link < view.Open.Length; link++)
        {
            if (view.Open[link] && view.Attempts.All(attempt => attempt.Link != link))
            {
                return link;
            }
        }

        return null;
    }

    private static RequestForm? Softer(RequestForm form, bool hasTools) => form switch
    {
        RequestForm.AsAsked => RequestForm.Cold,
        RequestForm.Cold when hasTools => RequestForm.WithoutTools,
        _ => null,
    };

    private static bool IsPassing(ProviderException failure) => failure.Fault is ProviderFault.Unreachable or ProviderFault.ServerError or ProviderFault.TimedOut or ProviderFault.Protocol;
}

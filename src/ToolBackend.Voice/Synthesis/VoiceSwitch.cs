using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Synthesis;

/// <summary>An utterance failed with a voice of the chain.</summary>
/// <param name="Voice">Its place in the chain.</param>
/// <param name="HadServed">Audio had come of it in this call.</param>
internal readonly record struct VoiceFailure(int Voice, ProviderFault Fault, bool HadServed);

/// <summary>
/// Which voice says the rest of an utterance. Pure.
/// <code>
/// the last one had served, its connection broke, and it failed once   the same over a new connection: a change of voice is heard
/// another has not failed in this utterance and may be asked            the first of those
/// only such as may not be asked are left                               the first of those
/// all have failed                                                      none: the utterance fails
/// </code>
/// </summary>
internal static class VoiceSwitch
{
    /// <param name="failures">In this utterance, at least one, oldest first.</param>
    /// <param name="isOpen">By place in the chain: whether the voice may be asked.</param>
    /// <returns>A place in the chain; null when nobody is left.</returns>
    public static int? Next(IReadOnlyList<VoiceFailure> failures, IReadOnlyList<bool> isOpen)
    {
        var last = failures[^1];
        if (last is { HadServed: true, Fault: ProviderFault.ServerError or ProviderFault.Unreachable } && failures.Count(f => f.Voice == last.Voice) == 1 && isOpen[last.Voice])
        {
            return last.Voice;
        }

        var left = Enumerable.Range(0, isOpen.Count).Where(voice => failures.All(f => f.Voice != voice)).ToList();
        return left.Count == 0 ? null : left.FindIndex(voice => isOpen[voice]) is >= 0 and var open ? left[open] : left[0];
    }
}

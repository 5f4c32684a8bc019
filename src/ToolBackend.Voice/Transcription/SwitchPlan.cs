using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription;

/// <summary>
/// Who hears on when a connection is lost. Pure.
/// <code>
/// served, then lost or deaf               the same once more, at once
/// never served: first time                the same once more, unless it did not answer at all or wants less work
/// otherwise                               the next of the chain; behind the last the first again, after a pause
/// key, credit or request refused          never again in this call
/// </code>
/// </summary>
/// <param name="count">Links of the chain.</param>
internal sealed class SwitchPlan(int count)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly bool[] _useless = new bool[count];
    private bool _again;
    private int _rounds;

    /// <param name="Link">Null: nobody is left.</param>
    /// <param name="Pause">Before it is asked.</param>
    internal readonly record struct Choice(int? Link, TimeSpan Pause);

    /// <summary>The first link: the first that may be asked, else the first.</summary>
    public int? First(Func<int, bool> mayBeAsked) => From(0, mayBeAsked);

    /// <summary>A connection served: faults before are forgiven.</summary>
    public void Served() => (_again, _rounds) = (false, 0);

    /// <param name="current">Link of the connection that was lost.</param>
    /// <param name="connected">It was open.</param>
    public Choice Next(int current, ProviderException fault, bool connected, Func<int, bool> mayBeAsked)
    {
        if (fault.IsPermanent)
        {
            _useless[current] = true;
        }
        else if (!_again && fault.Fault is not ProviderFault.RateLimited && (connected || fault.Fault is not ProviderFault.TimedOut))
        {
            _again = true;
            return new Choice(current, TimeSpan.Zero);
        }

        _again = false;
        var next = From(current + 1, mayBeAsked);
        if (next is null || next > current)
        {
            return new Choice(next, TimeSpan.Zero);
        }

        var pause = s_firstPause * Math.Pow(2, Math.Min(_rounds++, 10));
        return new Choice(next, pause < s_longestPause ? pause : s_longestPause);
    }

    private int? From(int start, Func<int, bool> mayBeAsked)
    {
        int? any = null;
        for (var i = 0; i < count; i++)
        {
            var link = (start + i) % count;
            if (_useless[link])
            {
                continue;
            }

            if (mayBeAsked(link))
            {
                return link;
            }

            any ??= link;
        }

        return any;
    }
}

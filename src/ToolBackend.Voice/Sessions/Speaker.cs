using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Playback;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Sessions;

/// <summary>What <see cref="Speaker.Play"/> has done.</summary>
[Flags]
internal enum Played
{
    Nothing = 0,

    /// <summary>Something of the voice has left, not only the thinking sound.</summary>
    Words = 1,

    /// <summary>The reply's first sound has left.</summary>
    First = 2,

    /// <summary>The caller has heard the reply to its end.</summary>
    All = 4,
}

/// <summary>
/// What the caller hears of the reply that is current: its audio at the line's pace, the thinking sound while a tool works, the mark behind the last of it. Belongs to the session's loop, which
/// says what time it is.
/// </summary>
/// <param name="recording">Null when the call is not recorded.</param>
internal sealed class Speaker(MediaSocket line, CallRecording? recording, TimeSpan lead, bool thinksAloud)
{
    /// <summary>Beyond what is still in Twilio's buffer, a mark's way back.</summary>
    private static readonly TimeSpan s_markLate = TimeSpan.FromSeconds(1);

    /// <summary>A tool that takes longer than this is heard working.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(450);

    /// <summary>When nothing was heard yet since the caller's turn, the sound comes so long after its end, though the tool was asked for late. A transcriber has needed about 250 ms to notice that end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(350);

    /// <summary>A tool that is as fast as most is not heard working.</summary>
    private static readonly TimeSpan s_fast = TimeSpan.FromMilliseconds(60);

    /// <summary>Of the thinking sound at once: what is behind it waits for no more than this.</summary>
    private static readonly TimeSpan s_thought = TimeSpan.FromMilliseconds(200);

    /// <summary>How soon it is noticed that the caller has heard what somebody waits for.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(40);

    private readonly Playout _playout = new(lead);
    private bool _isHeld;

    /// <summary>A new reply: the one before it was played, cut or never heard.</summary>
    public void Begin()
    {
        _playout.Begin();
        _isHeld = false;
    }

    /// <summary>A piece of the voice, without the silence that it may begin with.</summary>
    public static void Take(Reply reply, SpeechAudio speech)
    {
        var trimmed = reply.Leading.Trim(speech.MuLaw.Span);
        reply.Text.Add(speech, trimmed);
        if (speech.MuLaw.Length > trimmed)
        {
            reply.IsThinking = false;
            reply.HasAudio = true;
            reply.Waiting.Enqueue(speech.MuLaw[trimmed..]);
        }
    }

    /// <summary>Silent at once, until it goes on or is cut.</summary>
    public void Hold(Reply? reply, TimeSpan now)
    {
        Silence(reply, now);
        _isHeld = true;
    }

    public void Resume() => _isHeld = false;

    /// <summary>Nothing more of it is heard.</summary>
    /// <returns>Bytes of it that the caller has heard.</returns>
    public int Cut(Reply reply, TimeSpan now) => _isHeld ? _playout.Sent : Silence(reply, now); // held: nothing is in Twilio's buffer

    /// <summary>Sends what may be heard now.</summary>
    public Played Play(Reply reply, TimeSpan now)
    {
        if (_isHeld || !reply.IsConfirmed || reply.NotBefore > now)
        {
            return Played.Nothing;
        }

        while (reply.Waiting.TryDequeue(out var audio))
        {
            _playout.Add(audio);
        }

        if (ThinksAt(reply, now) <= now)
        {
            Think(reply);
        }

        var done = Played.Nothing;
        while (_playout.Take(now) is { IsEmpty: false } piece)
        {
            line.SendMedia(piece);
            recording?.Play(piece.Span, _playout.BufferEnds - MuLaw.Duration(piece.Length) - now);
            done |= reply.IsThinking ? Played.Nothing : Played.Words;
            done |= reply.IsAudible ? Played.Nothing : Played.First;
            reply.IsAudible = true;
        }

        reply.Awaited.RemoveAll(wait => reply.Text.Covers(wait.Characters, _playout.Played(now)) && wait.Heard.TrySetResult());
        if (reply is { AudioEnded: true, HasAudio: true, LastMark: null } && _playout.Sent == _playout.Total)
        {
            reply.LastMark = $"r{reply.Generation}-{++reply.MarksSent}";
            reply.PlayedBy = _playout.BufferEnds + s_markLate;
            line.SendMark(reply.LastMark);
            return done;
        }

        return reply.PlayedBy <= now ? done | Played.All : done;
    }

    /// <summary>When there is something to be done for it; null for not before something happens.</summary>
    public TimeSpan? NextAt(Reply reply, TimeSpan now)
    {
        if (_isHeld || !reply.IsConfirmed)
        {
            return null;
        }

        var audio = reply.NotBefore > now && reply.Waiting.Count > 0 ? reply.NotBefore : _playout.NextAt(now);
        return Earlier(Earlier(reply.PlayedBy, ThinksAt(reply, now)), Earlier(audio, reply.Awaited.Count > 0 ? now + s_look : null));
    }

    private void Think(Reply reply)
    {
        var sound = ThinkingSound.Piece(reply.Thought, MuLaw.Bytes(s_thought));
        reply.Thought += sound.Length;
        reply.IsThinking = true;
        reply.HasAudio = true;
        reply.Text.Add(new SpeechAudio(sound, null, false), trimmed: 0);
        _playout.Add(sound);
    }

    /// <summary>When the thinking sound goes on; null while there is something to be heard, or nothing to wait for.</summary>
    private TimeSpan? ThinksAt(Reply reply, TimeSpan now)
    {
        if (!thinksAloud || reply is not { ToolsOut: > 0, Waiting.Count: 0 } || _playout.Sent < _playout.Total)
        {
            return null;
        }

        // Without a gap once it has begun; the first piece leaves a breath after the last word.
        var since = _playout.BufferEnds > reply.WorkingSince ? _playout.BufferEnds : reply.WorkingSince;
        if (reply.IsThinking && _playout.BufferEnds >= now)
        {
            return _playout.BufferEnds - (s_thought / 2);
        }

        return reply.IsAudible ? since + s_breath : Earlier(since + s_breath, since + s_fast > reply.AwaitedSince + s_patience ? since + s_fast : reply.AwaitedSince + s_patience);
    }

    private int Silence(Reply? reply, TimeSpan now)
    {
        line.SendClear();
        recording?.Clear();
        if (reply is not null)
        {
            (reply.LastMark, reply.PlayedBy) = (null, null); // the clear echoes it, unplayed
        }

        return _playout.Rewind(now);
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;
}

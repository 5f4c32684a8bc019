namespace ToolBackend.Voice.CallLog;

/// <summary>
/// The latencies of one turn. Parts of a speculative reply overlap: the model was asked before the turn was over.
/// <code>
/// Silent --transcriber--> EndHeard --endpointing--> Decided    Asked --model--> FirstToken    FirstWords --voice--> FirstAudio    FirstFrame
/// |------------------------------------------------------ voice to voice ---------------------------------------------------------->|
///                         |--------------------------- turn: after the transcriber's word ------------------------------------------>|
/// own share: Begun to Asked, and from the later of FirstAudio and Decided to FirstFrame
/// </code>
/// </summary>
internal readonly record struct TurnFigures(TimeSpan? VoiceToVoice, TimeSpan? Turn, TimeSpan? Transcriber, TimeSpan? Endpointing, TimeSpan? Model, TimeSpan? Voice, TimeSpan? OwnShare)
{
    public static TurnFigures Of(TurnTimeline at, TimeProvider time)
    {
        var audible = at[Moment.FirstAudio] is { } audio && at[Moment.Decided] is { } decided ? Math.Max(audio, decided) : at[Moment.FirstAudio];
        return new TurnFigures(
            Between(at[Moment.Silent] ?? at[Moment.EndHeard] ?? at[Moment.Decided], at[Moment.FirstFrame]),
            Between(at[Moment.EndHeard] ?? at[Moment.Decided], at[Moment.FirstFrame]),
            Between(at[Moment.Silent], at[Moment.EndHeard]),
            Between(at[Moment.EndHeard], at[Moment.Decided]),
            Between(at[Moment.Asked], at[Moment.FirstToken]),
            Between(at[Moment.FirstWords], at[Moment.FirstAudio]),
            Between(at[Moment.Begun], at[Moment.Asked]) is { } before && Between(audible, at[Moment.FirstFrame]) is { } after ? before + after : null);

        TimeSpan? Between(long? from, long? to) => from is { } a && to is { } b && b >= a ? time.GetElapsedTime(a, b) : null;
    }
}

using System.Text.Json;
using ToolBackend.Load.Demo;
using ToolBackend.LocalStack;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Call;

/// <summary><c>./dev call</c>: a simulated telephone calls the running stack's Voice host and plays a script.</summary>
internal static class CallVerb
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_cleanUp = TimeSpan.FromSeconds(20);

    /// <returns>0 when the call went as the script expects, else 1.</returns>
    /// <exception cref="LoadException">It cannot be made.</exception>
    public static async Task<int> RunAsync(string[] arguments, StackUnderTest stack, TextWriter output, CancellationToken cancellation)
    {
        var options = CallOptions.Parse(arguments);
        var voice = EspeakVoice.Find(EspeakVoice.Caller);
        CheckCanTalk(stack.Voice, voice);
        var script = CallScripts.Find(options.Script, options.Assistant)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_longest);
        try
        {
            return await PlayAsync(script, options, stack, voice, new Transcript(output), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LoadException($"The call took longer than {s_longest.TotalMinutes:0} minutes.");
        }
        finally
        {
            if (script is BookingScript { Reference: { } reference })
            {
                await CancelAsync(stack, options.From ?? stack.CallerPhone, reference);
            }
        }
    }

    private static async Task<int> PlayAsync(ICallScript script, CallOptions options, StackUnderTest stack, EspeakVoice? voice, Transcript transcript, CancellationToken cancellation)
    {
        var phoneOptions = new PhoneOptions
        {
            VoiceUrl = stack.Voice.Url + "/twilio/voice",
            StatusCallback = stack.Voice.Url + "/twilio/status",
            AuthToken = stack.Voice.TwilioAuthToken,
            From = options.From ?? stack.CallerPhone,
            To = options.Assistant == "dispatcher" ? stack.Voice.CarrierLine : stack.Voice.ClinicLine,
            KeepsAudio = options.Wav is not null,
            Speak = voice is null ? text => AudibleText.Encode(text) : text => AudibleText.Encode(text, voice.Speak(text)),
        };
        transcript.Title($"A call from {phoneOptions.From} to the {options.Assistant} at {phoneOptions.To}");
        transcript.Note("");
        await using var phone = await TwilioPhone.CallAsync(phoneOptions, cancellation);
        var printed = new CallTranscript(transcript);
        var caller = new ScriptedCaller(phone, phoneOptions.Time, printed.Caller, printed.Turn);
        var callerHungUp = script is HelloScript;
        string? failure = null;
        try
        {
            await script.PlayAsync(caller, cancellation);
        }
        catch (UnexpectedTurnException unexpected)
        {
            failure = unexpected.Message;
            callerHungUp = !phone.Over.IsCompleted;
            await phone.HangUpAsync();
        }

        if (options.Wav is { } file)
        {
            await File.WriteAllBytesAsync(file, WavFile.Of(phone.Recording), cancellation);
            transcript.Note($"What the caller heard: {file}");
        }

        printed.Summary(CallSummary.Of(caller.Turns, phone.Record.Underruns, phone.Verbs, callerHungUp));
        if (failure is not null)
        {
            transcript.Failure(failure);
        }

        return failure is null ? 0 : 1;
    }

    /// <summary>The simulated telephone stays on this machine. A simulated ear knows only simulated voices, and a real one does not hear a hum.</summary>
    /// <exception cref="LoadException">The caller could not hear, or not be heard.</exception>
    private static void CheckCanTalk(VoiceUnderTest host, EspeakVoice? voice)
    {
        if (host.PublicUrl is { } tunnel)
        {
            throw new LoadException($"The stack's Voice host takes real calls at {tunnel}. Call it by a real telephone, or start the stack without TOOLBACKEND_VOICE_URL.");
        }

        if (!host.SpeaksSimulated)
        {
            throw new LoadException(
                "The stack speaks with the real ElevenLabs, and the simulated caller understands simulated voices only. Call the Voice host by a real telephone, or start the stack without Vendors__ElevenLabs__ApiKey.");
        }

        if (!host.HearsSimulated && voice is null)
        {
            throw new LoadException("The stack hears with a real vendor of speech to text, so the caller needs a real voice. Install one: apt-get install espeak-ng");
        }
    }

    /// <summary>So that the next call finds the calendar as this one did.</summary>
    private static async Task CancelAsync(StackUnderTest stack, string from, string reference)
    {
        using var limit = new CancellationTokenSource(s_cleanUp);
        using var http = new HttpClient { BaseAddress = stack.Api, Timeout = s_cleanUp };
        using var signer = new WebhookSigner(new WebhookAuthenticationOptions { Secret = stack.WebhookSecret });
        var call = new PhoneCall(http, signer, from, TimeProvider.System);
        foreach (var confirmed in (bool[])[false, true])
        {
            var arguments = JsonSerializer.Serialize(new { reference, confirmed });
            var answer = await call.PostAsync(call.Message("cancel_appointment", arguments), limit.Token);
            if (confirmed && !answer.Say.StartsWith("Cancelled", StringComparison.Ordinal))
            {
                throw new LoadException($"The appointment is still booked: {answer.Say}");
            }
        }
    }
}

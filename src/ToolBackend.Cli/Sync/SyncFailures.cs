using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Cli.Sync;

/// <summary>What can go wrong on the way to Vapi and back, as a sentence, a thing to do and an exit code. No text of these holds a secret.</summary>
internal static class SyncFailures
{
    /// <summary>False: it is none of these.</summary>
    public static bool TryTell(Exception failure, CliConsole console, out int exitCode)
    {
        exitCode = ExitCodes.Error;
        switch (failure)
        {
            case VapiApiException { Failure: VapiFailure.Auth } refused:
                console.Error(refused.Message, "the key must be the private one, of this organisation and region");
                exitCode = ExitCodes.Authentication;
                return true;
            case VapiApiException vapi:
                console.Error(vapi.Message);
                return true;
            case TwilioApiException { Failure: TwilioFailure.Auth } refused:
                console.Error(refused.Message, "check twilioAccountSid and the token");
                exitCode = ExitCodes.Authentication;
                return true;
            case TwilioApiException twilio:
                console.Error(twilio.Message);
                return true;
            case ApplyRefusedException refused:
                console.Error(refused.Message, refused.Fix);
                exitCode = refused.IsConflict ? ExitCodes.Conflict : ExitCodes.Error;
                return true;
            case StateException or SecretUnsetException:
                console.Error(failure.Message);
                return true;
            default:
                return false;
        }
    }
}

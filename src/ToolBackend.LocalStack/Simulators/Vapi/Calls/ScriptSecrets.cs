namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>
/// What real messages carry and nobody may store: each of these is in the messages of every scripted call that has its place. All are made up.
/// </summary>
public static class ScriptSecrets
{
    public const string TwilioAuthToken = "simtwilioauthtoken00000000000001";
    public const string ServerSecret = "sim-assistant-server-secret-0001";
    public const string ServerAuthorization = "Bearer sim-assistant-server-header-0001";
    public const string ToolAuthorization = "Bearer sim-tool-server-header-0001";
    public const string ToolSecret = "sim-tool-server-secret-0001";
    public const string CredentialKey = "sim-inline-credential-key-0001";

    /// <summary>Part of the control and listen URLs: whoever has one can speak in the call.</summary>
    public const string ControlKey = "simcontrolkey0001";

    /// <summary>Spoken by the caller of <c>ReadyScripts.Everything</c>.</summary>
    public const string CardNumber = "4111 1111 1111 1111";

    /// <summary>Spoken by the caller of <c>ReadyScripts.Everything</c>.</summary>
    public const string SocialSecurityNumber = "078-05-1120";

    /// <summary>All that the machine adds; not what callers say.</summary>
    public static IReadOnlyList<string> All { get; } =
        [TwilioAuthToken, ServerSecret, ServerAuthorization, ToolAuthorization, ToolSecret, CredentialKey, ControlKey];
}

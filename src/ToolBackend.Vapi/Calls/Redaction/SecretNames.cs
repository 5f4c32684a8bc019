namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>
/// Tells by its name that a member's value must not be kept: a closed list, and a rule for the endings that secrets have. Case, dashes and
/// underscores do not count (<c>twilioAuthToken</c>, <c>X-Vapi-Secret</c>, <c>api_key</c>).
/// </summary>
internal static class SecretNames
{
    /// <summary>Characters of a name that are looked at: its last ones.</summary>
    public const int MaxLength = 64;

    /// <summary>The letters and digits of a UTF-8 name in lower case.</summary>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<byte> name, Span<char> buffer)
    {
        var from = MaxLength;
        for (var i = name.Length - 1; i >= 0 && from > 0; i--)
        {
            if (char.IsAsciiLetterOrDigit((char)name[i]))
            {
                buffer[--from] = char.ToLowerInvariant((char)name[i]);
            }
        }

        return buffer[from..MaxLength];
    }

    public static bool IsSecret(ReadOnlySpan<byte> name)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        return IsSecretNormal(Normalize(name, buffer));
    }

    public static bool IsSecret(ReadOnlySpan<char> name)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        var from = MaxLength;
        for (var i = name.Length - 1; i >= 0 && from > 0; i--)
        {
            if (char.IsAsciiLetterOrDigit(name[i]))
            {
                buffer[--from] = char.ToLowerInvariant(name[i]);
            }
        }

        return IsSecretNormal(buffer[from..]);
    }

    /// <param name="name">As <see cref="Normalize"/> gives it.</param>
    public static bool IsSecretNormal(ReadOnlySpan<char> name) => name is not [] && (HasSecretEnding(name) || IsListed(name));

    private static bool HasSecretEnding(ReadOnlySpan<char> name) => name[^1] switch
    {
        'n' => name.EndsWith("token") || name.EndsWith("authorization"),
        't' => name.EndsWith("secret") || name.EndsWith("jwt"),
        'd' => name.EndsWith("password") || name.EndsWith("passwd") || name.EndsWith("accesskeyid"),
        'e' => name.EndsWith("passphrase") || name.EndsWith("cookie"),
        'l' => name.EndsWith("credential"),
        's' => name.EndsWith("credentials") || name.EndsWith("headers") || name.EndsWith("secrets") || name.EndsWith("passwords") || name.EndsWith("environmentvariables"),
        'y' => name.EndsWith("apikey") || name.EndsWith("secretkey") || name.EndsWith("privatekey") || name.EndsWith("accesskey") || name.EndsWith("subscriptionkey")
            || name.EndsWith("signingkey") || name.EndsWith("encryptionkey") || name.EndsWith("authkey") || name.EndsWith("accountkey") || name.EndsWith("openaikey"),
        _ => false,
    };

    private static bool IsListed(ReadOnlySpan<char> name) => name
        // Who may do what.
        is "auth" or "authentication" or "authenticationplan" or "authenticationsession" or "authenticationartifact" or "outboundauthenticationplan" or "authconfig"
        or "bearer" or "pass" or "pwd" or "pem" or "gcpkey" or "apikeys" or "env" or "xvapisignature"
        // Whoever has one of these addresses may control, hear or write.
        or "monitor" or "controlurl" or "listenurl" or "webhookurl" or "slackwebhookurl"
        // What carriers and keypads say.
        or "phonecallproviderdetails" or "dtmf" or "dtmfdigits" or "digits" or "keypadentry" or "keypadinput"
        // What callers say that nobody needs.
        or "cardnumber" or "creditcard" or "creditcardnumber" or "cvv" or "cvv2" or "cvc" or "cardcode" or "pin" or "pinnumber"
        or "ssn" or "socialsecurity" or "socialsecuritynumber"
        // Recordings without a key: valid for an hour, for everybody.
        or "presignedurl" or "presignedmonourl" or "presignedstereourl" or "presignedvideourl" or "presignedassistanturl" or "presignedcustomerurl"
        or "presignedlogurl" or "presignedpcapurl" or "presignedrecordingurl";
}

namespace ToolBackend.Vapi.Messages;

/// <summary>Reads the objects around a message: call, phone number, and single members of customer and assistant.</summary>
internal static class CallReader
{
    /// <summary>The call that is the value of the property at the cursor; null for other types.</summary>
    public static VapiCall? ReadCall(ref JsonCursor cursor)
    {
        if (!EnterObject(ref cursor))
        {
            return null;
        }

        string? id = null, type = null, orgId = null, assistantId = null, squadId = null, phoneNumberId = null, providerId = null, customer = null, control = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("id"u8):
                    seen.Add(0);
                    id = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("type"u8):
                    seen.Add(1);
                    type = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("orgId"u8):
                    seen.Add(2);
                    orgId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("assistantId"u8):
                    seen.Add(3);
                    assistantId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("squadId"u8):
                    seen.Add(4);
                    squadId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("phoneNumberId"u8):
                    seen.Add(5);
                    phoneNumberId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("phoneCallProviderId"u8):
                    seen.Add(6);
                    providerId = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("customer"u8):
                    seen.Add(7);
                    customer = ReadMember(ref cursor, "number"u8);
                    break;
                case var name when name.SequenceEqual("monitor"u8):
                    seen.Add(8);
                    control = ReadMember(ref cursor, "controlUrl"u8);
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return new VapiCall
        {
            Id = id,
            Type = type,
            OrgId = orgId,
            AssistantId = assistantId,
            SquadId = squadId,
            PhoneNumberId = phoneNumberId,
            PhoneCallProviderId = providerId,
            CustomerNumber = customer,
            ControlUrl = control is null ? null : new ControlUrl(control),
        };
    }

    /// <summary>The phone number that is the value of the property at the cursor; null for other types.</summary>
    public static VapiPhoneNumber? ReadPhoneNumber(ref JsonCursor cursor)
    {
        if (!EnterObject(ref cursor))
        {
            return null;
        }

        string? id = null, number = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            switch (cursor.Name(scratch))
            {
                case var name when name.SequenceEqual("id"u8):
                    seen.Add(0);
                    id = cursor.ReadText();
                    break;
                case var name when name.SequenceEqual("number"u8):
                    seen.Add(1);
                    number = cursor.ReadText();
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return new VapiPhoneNumber { Id = id, Number = number };
    }

    /// <summary>One string member of the object that is the value of the property at the cursor; null when either is something else.</summary>
    public static string? ReadMember(ref JsonCursor cursor, ReadOnlySpan<byte> member)
    {
        if (!EnterObject(ref cursor))
        {
            return null;
        }

        string? value = null;
        var seen = new SeenMembers();
        Span<byte> scratch = stackalloc byte[64];
        while (cursor.NextProperty())
        {
            if (cursor.Name(scratch).SequenceEqual(member))
            {
                seen.Add(0);
                value = cursor.ReadText();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return value;
    }

    private static bool EnterObject(ref JsonCursor cursor)
    {
        cursor.Read();
        if (cursor.AtObject)
        {
            return true;
        }

        cursor.SkipHere();
        return false;
    }
}

using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>The only audio that the simulator hears and speaks.</summary>
internal static class PhoneAudio
{
    public static void Check(QueryReader query)
    {
        if (query.Text("encoding") != "mulaw" || query.Text("sample_rate") != "8000")
        {
            query.Fail("encoding=mulaw and sample_rate=8000 are required: the simulator knows telephone audio only.");
        }
    }
}

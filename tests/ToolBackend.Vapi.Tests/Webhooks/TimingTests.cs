using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Vapi.Tests.Webhooks;

/// <summary>
/// Whether the time of a refusal tells where a guess is wrong. Classes are measured in random turn in short batches, the slow tail (the machine, not the
/// verifier) is cut at a common threshold, and a noisy run is repeated: a leak shows in every run, noise does not. A verifier that leaks on purpose shows that the probe sees.
/// </summary>
[Collection(nameof(TimingTests))]
public class TimingTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Samples = 6000;
    private const int Batch = 8;
    private const double Limit = 4.5;
    private const int Tries = 12;

    [Theory]
    [InlineData(WebhookSignatureEncoding.Hex)]
    [InlineData(WebhookSignatureEncoding.Base64)]
    public void S3_the_time_of_a_refused_signature_does_not_tell_which_byte_is_wrong(WebhookSignatureEncoding encoding)
    {
        var options = Signed.Hmac(hmac => hmac.SignatureEncoding = encoding);
        var body = "{\"message\":{\"type\":\"hang\"}}"u8.ToArray();
        using var signer = new WebhookSigner(options);
        using var authenticator = new WebhookAuthenticator(options, new FixedTime(Signed.Now));
        var right = signer.HmacHeaders(body, Signed.Now)[^1].Value;
        var bytes = encoding == WebhookSignatureEncoding.Hex ? Convert.FromHexString(right) : Convert.FromBase64String(right);
        string Text(byte[] hash) => encoding == WebhookSignatureEncoding.Hex ? Convert.ToHexStringLower(hash) : Convert.ToBase64String(hash);
        string firstWrong = Text([(byte)(bytes[0] ^ 1), .. bytes[1..]]), lastWrong = Text([.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        // 31 bytes have as many base64 letters as 32, so the text keeps its length. Hex has no such text; the length of a text is the sender's own.
        var wrongLength = encoding == WebhookSignatureEncoding.Base64 ? Text(bytes[..^1]) : firstWrong;
        var presented = new string(right.AsSpan());
        var headers = new HeaderDictionary { ["x-timestamp"] = Signed.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ["x-signature"] = presented };

        SmallestT(
            guess => Overwrite(presented, guess switch { 0 => firstWrong, 1 => lastWrong, _ => wrongLength }),
            _ => authenticator.Verify(new WebhookRequest(headers, body)).IsAccepted.ShouldBeFalse()).ShouldBeLessThan(Limit);
    }

    [Fact]
    public void S3_the_time_of_a_refused_secret_does_not_tell_which_byte_is_wrong()
    {
        // The length of a guess is the guesser's own; the length of the secret is what must not show. So the third class changes the secret.
        using var right = new WebhookAuthenticator(new() { Secret = Signed.Secret }, new FixedTime(Signed.Now));
        using var longer = new WebhookAuthenticator(new() { Secret = Signed.Secret + new string('x', 32) }, new FixedTime(Signed.Now));
        var authenticators = new[] { right, right, longer };
        string firstWrong = "X" + Signed.Secret[1..], lastWrong = Signed.Secret[..^1] + "X", presented = new(Signed.Secret.AsSpan());
        var headers = new HeaderDictionary { ["X-Vapi-Secret"] = presented };

        SmallestT(
            guess => Overwrite(presented, guess == 1 ? lastWrong : firstWrong),
            guess => authenticators[guess].Verify(new WebhookRequest(headers, [])).IsAccepted.ShouldBeFalse()).ShouldBeLessThan(Limit);
    }

    [Fact]
    public void S3_the_probe_sees_a_verifier_that_leaks()
    {
        var right = new byte[4096];
        var guesses = new[] { new byte[4096], new byte[4096], new byte[4096] };
        guesses[0][0] = guesses[1][4095] = guesses[2][0] = 1;

        SmallestT(_ => { }, guess => EarlyExit(right, guesses[guess]).ShouldBeFalse()).ShouldBeGreaterThan(Limit);
    }

    private static bool EarlyExit(byte[] left, byte[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    // All guesses lie in the same string: where a text lies in memory takes more time than what is in it.
    private static void Overwrite(string text, string with) => with.CopyTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(text.AsSpan()), text.Length));

    /// <summary>The smallest over some runs of the largest |t| between two of the three classes.</summary>
    private double SmallestT(Action<int> prepare, Action<int> verify)
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        Measure(prepare, verify, random);
        var smallest = double.MaxValue;
        for (var run = 0; run < Tries && smallest >= Limit; run++)
        {
            var times = Measure(prepare, verify, random);
            double first = Welch(times[0], times[1]), second = LengthT(times[0], times[2]), third = LengthT(times[1], times[2]);
            var t = Math.Max(first, Math.Max(second, third));
            output.WriteLine($"run {run}: first/last byte t = {first:F2}, first/length {second:F2}, last/length {third:F2}");
            smallest = Math.Min(smallest, t);
        }

        return smallest;
    }

    private static List<double>[] Measure(Action<int> prepare, Action<int> verify, Random random)
    {
        var raw = new List<double>[] { [], [], [] };
        var order = new[] { 0, 1, 2 };
        for (var sample = 0; sample < Samples; sample++)
        {
            random.Shuffle(order);
            foreach (var guess in order)
            {
                prepare(guess);
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < Batch; i++)
                {
                    verify(guess);
                }

                raw[guess].Add(Stopwatch.GetTimestamp() - start);
            }
        }

        var all = raw.SelectMany(times => times).Order().ToList();
        var threshold = all[all.Count * 8 / 10];
        return [.. raw.Select(times => times.Where(time => time <= threshold).ToList())];
    }

    // Decoding the sender's own text takes a nanosecond more or less with its padding. Below a hundredth of a refusal that is no word about the secret.
    private static double LengthT(List<double> a, List<double> b) => Math.Abs(a.Average() - b.Average()) < a.Average() / 100 ? 0 : Welch(a, b);

    private static double Welch(List<double> a, List<double> b)
    {
        var (meanA, varianceA) = Moments(a);
        var (meanB, varianceB) = Moments(b);
        return Math.Abs(meanA - meanB) / Math.Sqrt((varianceA / a.Count) + (varianceB / b.Count) + double.Epsilon);
    }

    private static (double Mean, double Variance) Moments(List<double> values)
    {
        var mean = values.Average();
        return (mean, values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}

/// <summary>Timing runs when no other test does.</summary>
[CollectionDefinition(nameof(TimingTests), DisableParallelization = true)]
public class TimingCollection;

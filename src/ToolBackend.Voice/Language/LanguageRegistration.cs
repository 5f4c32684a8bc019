using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language;

/// <summary>Puts the vendors of language models and their chains into a host.</summary>
internal static class LanguageRegistration
{
    /// <summary>
    /// One <see cref="ILanguageModel"/> per vendor, configured from <c>Vendors:Groq</c>, <c>Vendors:Together</c>, <c>Vendors:Fireworks</c> and <c>Language</c>, all checked at start. One
    /// without a key is there and says so. Chains come from <see cref="LanguageChains"/>.
    /// </summary>
    public static IServiceCollection AddLanguageModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LanguageOptions>().BindConfiguration(LanguageOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LanguageOptions>>(new Check<LanguageOptions>((_, options) => options.Validate()));
        foreach (var vendor in ChatVendor.All)
        {
            var section = "Vendors:" + vendor.Section;
            services.AddOptions<VendorOptions>(vendor.Name).BindConfiguration(section).ValidateOnStart();
            services.AddSingleton<IValidateOptions<VendorOptions>>(new Check<VendorOptions>((name, options) => name == vendor.Name ? VendorSettings.Problems(section, options) : []));
            services.AddSingleton<ILanguageModel>(provider => new ChatCompletionsModel(
                vendor,
                provider.GetRequiredService<IOptionsMonitor<VendorOptions>>().Get(vendor.Name),
                provider.GetRequiredService<IOptions<LanguageOptions>>().Value,
                provider.GetRequiredService<TimeProvider>()));
        }

        services.TryAddSingleton<IProviderGate>(provider => new PermanentFaultGate(provider.GetRequiredService<IOptions<LanguageOptions>>().Value.ClosedAfterPermanentFault, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LanguageChains>();
        return services;
    }

    private sealed class Check<T>(Func<string?, T, IEnumerable<string>> problems) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            problems(name, options).ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}

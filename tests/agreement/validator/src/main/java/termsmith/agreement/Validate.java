package termsmith.agreement;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;
import org.hl7.fhir.utilities.ByteProvider;
import org.hl7.fhir.utilities.http.ManagedWebAccess;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.Content;
import org.hl7.fhir.validation.IgLoader;
import org.hl7.fhir.validation.ValidationEngine;
import org.hl7.fhir.validation.instance.advisor.BasePolicyAdvisorForFullValidation;
import org.hl7.fhir.validation.service.StandAloneValidatorFetcher;
import org.hl7.fhir.validation.service.model.InstanceValidatorParameters;

/**
 * Validates the resources of a folder as the validator's own command line does with {@code -tx n/a}.
 *
 * <p>The engine is put together as {@code ValidationService} does it. Each resource is validated by a copy of the
 * engine, into which that resource alone was loaded, so that no resource knows of another; all know those of the
 * folder {@code beside}.
 */
public final class Validate {

    /** A FHIR release: the folder that holds its resources, its version and the packages that define it. */
    private record Release(String folder, String version, List<String> packages) {}

    /** One message of the validator; the place of each component is its place in the output. */
    private record Issue(String severity, String id, String path, int line, int column, String message) {

        private static final Comparator<String> TEXT = Comparator.nullsFirst(Comparator.naturalOrder());
        private static final Comparator<Issue> ORDER = Comparator.comparingInt(Issue::line)
                .thenComparingInt(Issue::column)
                .thenComparing(Issue::path, TEXT)
                .thenComparing(Issue::severity)
                .thenComparing(Issue::id, TEXT)
                .thenComparing(Issue::message, TEXT);

        static Issue of(ValidationMessage message) {
            return new Issue(
                    message.getLevel().toCode(),
                    message.getMessageId(),
                    message.getLocation(),
                    message.getLine(),
                    message.getCol(),
                    message.getMessage());
        }

        /** A failure of the validator itself, after which it says no more; {@link #id} names the failure's class. */
        static Issue of(Throwable failure) {
            return new Issue("fatal", failure.getClass().getName(), null, -1, -1, failure.getMessage());
        }
    }

    private static final List<Release> RELEASES = List.of(
            new Release(
                    "R4",
                    "4.0.1",
                    List.of("hl7.fhir.r4.core#4.0.1", "hl7.terminology#5.1.0", "hl7.fhir.uv.extensions.r5#1.0.0")),
            new Release(
                    "R5",
                    "5.0.0",
                    List.of("hl7.fhir.r5.core#5.0.0", "hl7.terminology#5.1.0", "hl7.fhir.uv.extensions.r5#1.0.0")));

    private static final Map<String, FhirFormat> FORMATS = Map.of(".json", FhirFormat.JSON, ".xml", FhirFormat.XML);

    private Validate() {}

    /**
     * Validates all resources of a folder and writes the answers.
     *
     * @param arguments the home folder whose {@code .fhir/packages} holds the definitions, the folder of resources
     *     with its subfolders R4 and R5, the file to write, and the beginnings of the URLs of extensions that need no
     *     definition
     * @throws IOException if a file can't be read or written
     * @throws URISyntaxException never: there is no terminology server whose address could be malformed
     */
    public static void main(String[] arguments) throws IOException, URISyntaxException {
        if (arguments.length < 3) {
            System.err.println("usage: Validate HOME RESOURCES ANSWERS [EXTENSION-DOMAIN...]");
            System.exit(2);
        }
        Locale.setDefault(Locale.ENGLISH);
        System.setProperty("user.home", arguments[0]);
        ManagedWebAccess.setAccessPolicy(ManagedWebAccess.WebAccessPolicy.PROHIBITED);
        List<String> extensionDomains = List.of(arguments).subList(3, arguments.length);
        SortedMap<String, Map<String, List<Issue>>> answers = new TreeMap<>();
        for (Release release : RELEASES) {
            List<Path> resources = resourcesIn(Path.of(arguments[1], release.folder()));
            if (resources.isEmpty()) {
                continue;
            }
            ValidationEngine engine = engineFor(release);
            for (Path known : resourcesIn(Path.of(arguments[1], "beside"))) {
                load(engine, Files.readAllBytes(known), FORMATS.get(suffix(known)));
            }
            for (Path resource : resources) {
                answers.put(release.folder() + "/" + resource.getFileName(), validate(engine, resource, extensionDomains));
            }
        }
        Gson json = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
        Files.writeString(Path.of(arguments[2]), json.toJson(answers));
    }

    private static List<Path> resourcesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> FORMATS.containsKey(suffix(file))).sorted().toList();
        }
    }

    private static String suffix(Path file) {
        String name = file.getFileName().toString();
        return name.substring(Math.max(name.lastIndexOf('.'), 0));
    }

    private static ValidationEngine engineFor(Release release) throws IOException, URISyntaxException {
        ValidationEngine engine = new ValidationEngine.ValidationEngineBuilder()
                .withVersion(release.version())
                .withNoTerminologyServer()
                .fromSource(release.packages().get(0));
        for (String other : release.packages().subList(1, release.packages().size())) {
            engine.loadPackage(other, null);
        }
        engine.setTerminologyServer(null, null, null, false);
        engine.prepare();
        return engine;
    }

    private static void load(ValidationEngine engine, byte[] bytes, FhirFormat format) throws IOException {
        IgLoader loader = new IgLoader(engine.getPcm(), engine.getContext(), engine.getVersion());
        engine.setIgLoader(loader);
        Content content = new Content();
        content.setFocus(ByteProvider.forBytes(bytes));
        content.setCntType(format);
        loader.load(content);
    }

    private static Map<String, List<Issue>> validate(
            ValidationEngine engine, Path resource, List<String> extensionDomains) throws IOException {
        byte[] bytes = Files.readAllBytes(resource);
        FhirFormat format = FORMATS.get(suffix(resource));
        ValidationEngine own = new ValidationEngine(engine);
        StandAloneValidatorFetcher fetcher = new StandAloneValidatorFetcher(own.getPcm(), own.getContext(), own);
        fetcher.setReferencePolicy(ReferenceValidationPolicy.IGNORE);
        own.setFetcher(fetcher);
        own.getContext().setLocator(fetcher);
        own.setPolicyAdvisor(fetcher);
        fetcher.setPolicyAdvisor(
                new BasePolicyAdvisorForFullValidation(fetcher.getReferencePolicy(), fetcher.getCheckReferencesTo()));
        try {
            load(own, bytes, format);
        } catch (Exception | Error ignored) {
            // The command line, too, goes on when a resource can't be loaded: validation then says what is wrong.
        }
        SortedMap<String, List<Issue>> answers = new TreeMap<>();
        for (boolean publication : List.of(false, true)) {
            InstanceValidatorParameters parameters = new InstanceValidatorParameters();
            parameters.setForPublication(publication);
            extensionDomains.forEach(parameters::addExtension);
            List<ValidationMessage> messages = new ArrayList<>();
            Stream<Issue> crash = Stream.empty();
            try {
                own.getValidator(format, parameters)
                        .validate(null, messages, new ByteArrayInputStream(bytes), format, List.of());
            } catch (Exception | Error failure) {
                crash = Stream.of(Issue.of(failure));
            }
            answers.put(
                    publication ? "publication" : "default",
                    Stream.concat(messages.stream().map(Issue::of), crash)
                            .sorted(Issue.ORDER)
                            .distinct()
                            .toList());
        }
        return answers;
    }
}

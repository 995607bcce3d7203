package termsmith.e2e;

import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.r5.JpaR5Config;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.util.VersionUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.util.Jetty;
import org.h2.engine.Constants;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A HAPI FHIR JPA server on a free port of this machine, with a database in memory.
 *
 * <p>{@code Server R4|R5 PORT_FILE} writes the port to the file once it answers, and stops when its standard input is
 * closed, so that it never outlives whoever started it.
 */
public final class Server {
    private static final Map<String, Class<?>> RELEASES = Map.of("R4", JpaR4Config.class, "R5", JpaR5Config.class);

    private Server() {}

    /** Starts it. */
    public static void main(String[] arguments) throws Exception {
        Thread guard = new Thread(Server::stopWithParent, "guard");
        guard.setDaemon(true);
        guard.start();
        var context = new AnnotationConfigApplicationContext();
        context.register(RELEASES.get(arguments[0]), Storage.class);
        context.refresh();
        var handler = new ServletContextHandler("/");
        handler.addServlet(new ServletHolder(context.getBean(RestfulServer.class)), "/fhir/*");
        var server = new org.eclipse.jetty.server.Server(new java.net.InetSocketAddress("127.0.0.1", 0));
        server.setHandler(handler);
        server.start();
        int port = ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
        System.out.printf(
                "HAPI FHIR %s, Jetty %s, H2 %s, Java %s%n",
                VersionUtil.getVersion(), Jetty.VERSION, Constants.VERSION, Runtime.version());
        Path temporary = Path.of(arguments[1] + ".new");
        Files.writeString(temporary, Integer.toString(port));
        Files.move(temporary, Path.of(arguments[1]));
        server.join();
    }

    private static void stopWithParent() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (java.io.IOException closed) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }
}

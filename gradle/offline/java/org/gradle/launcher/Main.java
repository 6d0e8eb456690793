package org.gradle.launcher;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Properties;
import org.gradle.api.internal.StartParameterInternal;
import org.gradle.api.internal.file.FileCollectionFactory;
import org.gradle.api.logging.configuration.ConsoleOutput;
import org.gradle.cli.CommandLineParser;
import org.gradle.configuration.GradleLauncherMetaData;
import org.gradle.initialization.DefaultBuildCancellationToken;
import org.gradle.initialization.NoOpBuildEventConsumer;
import org.gradle.initialization.ReportedException;
import org.gradle.initialization.layout.BuildLayoutFactory;
import org.gradle.internal.buildprocess.BuildProcessState;
import org.gradle.internal.classpath.ClassPath;
import org.gradle.internal.daemon.client.execution.ClientBuildRequestContext;
import org.gradle.internal.instrumentation.agent.AgentStatus;
import org.gradle.internal.logging.LoggingManagerInternal;
import org.gradle.internal.logging.services.DefaultLoggingManagerFactory;
import org.gradle.internal.logging.services.LoggingServiceRegistry;
import org.gradle.internal.nativeintegration.services.NativeServices;
import org.gradle.internal.service.ServiceRegistry;
import org.gradle.internal.service.ServiceRegistryBuilder;
import org.gradle.internal.service.scopes.BasicGlobalScopeServices;
import org.gradle.launcher.bootstrap.EntryPoint;
import org.gradle.launcher.bootstrap.ExecutionListener;
import org.gradle.launcher.cli.BuildEnvironmentConfigurationConverter;
import org.gradle.launcher.cli.Parameters;
import org.gradle.launcher.daemon.configuration.DaemonParameters;
import org.gradle.launcher.exec.BuildActionParameters;
import org.gradle.launcher.exec.BuildExecutor;
import org.gradle.launcher.exec.DefaultBuildActionParameters;
import org.gradle.tooling.internal.provider.RunInProcess;
import org.gradle.tooling.internal.provider.action.ExecuteBuildAction;

/** Gradle's command line, which gradle-api lacks. Runs every build in its own process, without a daemon. */
public class Main extends EntryPoint {
    public static void main(String[] arguments) {
        new Main().run(arguments);
    }

    @Override
    protected void doAction(String[] arguments, ExecutionListener listener) {
        ServiceRegistry logging = LoggingServiceRegistry.newCommandLineProcessLogging();
        File userHome = new File(System.getProperty("gradle.user.home", System.getProperty("user.home") + "/.gradle"));
        NativeServices.initializeOnClient(userHome, NativeServices.NativeServicesMode.fromSystemProperties());
        Parameters parameters = parse(arguments, logging);
        StartParameterInternal start = parameters.getStartParameter();
        DaemonParameters process = parameters.getDaemonParameters();

        LoggingManagerInternal console = logging.get(DefaultLoggingManagerFactory.class).getRoot();
        console.setLevelInternal(start.getLogLevel());
        // The rich console needs native code that gradle-api lacks.
        console.attachProcessConsole(start.getConsoleOutput() == ConsoleOutput.Auto ? ConsoleOutput.Plain : start.getConsoleOutput());
        Properties properties = new Properties();
        properties.putAll(process.getEffectiveSystemProperties());
        System.setProperties(properties);

        BuildActionParameters action = new DefaultBuildActionParameters(
                process.getEffectiveSystemProperties(), process.getEnvironmentVariables(), new File("").getAbsoluteFile(),
                start.getLogLevel(), false, ClassPath.EMPTY);
        ClientBuildRequestContext request = new ClientBuildRequestContext(
                new GradleLauncherMetaData(), ManagementFactory.getRuntimeMXBean().getStartTime(), false,
                new DefaultBuildCancellationToken(), new NoOpBuildEventConsumer());
        try (BuildProcessState state = new BuildProcessState(
                start.isContinuous(), AgentStatus.disabled(), ClassPath.EMPTY, logging, NativeServices.getInstance())) {
            RunInProcess executor = new RunInProcess(state.getServices().get(BuildExecutor.class));
            if (executor.execute(new ExecuteBuildAction(start), action, request).hasFailure()) {
                listener.onFailure(new ReportedException());
            }
        }
    }

    private static Parameters parse(String[] arguments, ServiceRegistry logging) {
        ServiceRegistry services = ServiceRegistryBuilder.builder()
                .displayName("command line")
                .parent(logging)
                .parent(NativeServices.getInstance())
                .provider(new BasicGlobalScopeServices())
                .build();
        BuildEnvironmentConfigurationConverter converter =
                new BuildEnvironmentConfigurationConverter(new BuildLayoutFactory(), services.get(FileCollectionFactory.class));
        CommandLineParser parser = new CommandLineParser();
        converter.configure(parser);
        return converter.convertParameters(parser.parse(Arrays.asList(arguments)), null);
    }
}

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes an android.jar to compile against: public and protected members, whose bodies throw, and the framework's resources.
 *
 * <p>Arguments: the jar of a whole Android runtime, the jar of java.* classes, and the jar to write. Members that the SDK hides stay
 * visible, since the runtime does not say which they are.
 */
public class AndroidStubs {
    private static final int ASM = Opcodes.ASM9;
    private static final int HIDDEN = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
    private static final Pattern OF_THE_SDK = Pattern.compile(
            "(android|dalvik/annotation|dalvik/system|org/json|org/xmlpull|javax/microedition)/.*\\.class"
                    + "|(res|assets)/.*|resources\\.arsc|AndroidManifest\\.xml");

    private static final Pattern JAVA_TYPE = Pattern.compile("L(java/[^;]+);");

    /** Internal names of the java.* classes that there are: an older JDK's lack some that hidden members of the runtime take. */
    private final Set<String> javaClasses = new HashSet<>();

    /** The shortest constructor that a subclass may call, for each class by its internal name. */
    private final Map<String, String> constructors = new HashMap<>();

    public static void main(String[] jars) throws IOException {
        new AndroidStubs().write(jars[0], jars[1], jars[2]);
    }

    private void write(String runtimeJar, String javaJar, String stubJar) throws IOException {
        try (ZipFile runtime = new ZipFile(runtimeJar);
                ZipFile java = new ZipFile(javaJar);
                ZipOutputStream stubs = new ZipOutputStream(new BufferedOutputStream(new FileOutputStream(stubJar)))) {
            for (ZipEntry entry : Collections.list(java.entries())) {
                javaClasses.add(entry.getName().replaceFirst("\\.class$", ""));
            }
            findConstructors(runtime);
            findConstructors(java);
            stubs.setLevel(1);
            Set<String> written = new HashSet<>();
            copy(runtime, OF_THE_SDK.asMatchPredicate(), written, stubs);
            copy(java, AndroidStubs::isClass, written, stubs);
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }

    /** Classes of com.android.* are the system's own: no API extends them once {@link #stubOf} is through. */
    private static boolean isInternal(String className) {
        return className.startsWith("com/android/");
    }

    private boolean hasKnownTypes(String descriptor) {
        return JAVA_TYPE.matcher(descriptor).results().allMatch(type -> javaClasses.contains(type.group(1)));
    }

    private void findConstructors(ZipFile jar) throws IOException {
        for (ZipEntry entry : Collections.list(jar.entries())) {
            if (!isClass(entry.getName()) || entry.getName().startsWith("com/")) {
                continue;
            }
            ClassReader reader = new ClassReader(jar.getInputStream(entry).readAllBytes());
            reader.accept(new ClassVisitor(ASM) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                    if (name.equals("<init>") && (access & HIDDEN) == 0 && hasKnownTypes(descriptor)) {
                        constructors.merge(reader.getClassName(), descriptor, (a, b) -> a.length() <= b.length() ? a : b);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE);
        }
    }

    private void copy(ZipFile from, Predicate<String> isWanted, Set<String> written, ZipOutputStream to) throws IOException {
        for (ZipEntry entry : Collections.list(from.entries())) {
            String name = entry.getName();
            if (entry.isDirectory() || !isWanted.test(name) || !written.add(name)) {
                continue;
            }
            byte[] content = from.getInputStream(entry).readAllBytes();
            to.putNextEntry(new ZipEntry(name));
            to.write(isClass(name) ? stubOf(content) : content);
            to.closeEntry();
        }
    }

    private byte[] stubOf(byte[] classFile) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(classFile).accept(new Stub(writer), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    private class Stub extends ClassVisitor {
        private String superName;

        Stub(ClassWriter writer) {
            super(ASM, writer);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String extended, String[] interfaces) {
            boolean extendsInternal = extended != null && isInternal(extended);
            superName = extendsInternal ? "java/lang/Object" : extended;
            List<String> kept = new ArrayList<>(List.of(interfaces));
            kept.removeIf(AndroidStubs::isInternal);
            // A generic signature repeats the supertypes, so it holds only while all of them are kept.
            String keptSignature = extendsInternal || kept.size() != interfaces.length ? null : signature;
            super.visit(Opcodes.V11, access, name, keptSignature, superName, kept.toArray(new String[0]));
        }

        private boolean isApi(int access, String descriptor) {
            boolean isVisible = (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0 && (access & Opcodes.ACC_SYNTHETIC) == 0;
            return isVisible && !descriptor.contains("Lcom/android/") && !descriptor.contains("Llibcore/") && hasKnownTypes(descriptor);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            return isApi(access, descriptor) ? super.visitField(access, name, descriptor, signature, value) : null;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            // Subclasses in the same package call constructors that are nobody else's.
            boolean isConstructor = name.equals("<init>");
            if (!isApi(isConstructor ? access | Opcodes.ACC_PROTECTED : access, descriptor) || name.equals("<clinit>")) {
                return null;
            }
            int stubAccess = access & ~(Opcodes.ACC_NATIVE | Opcodes.ACC_SYNCHRONIZED);
            MethodVisitor method = super.visitMethod(stubAccess, name, descriptor, signature, exceptions);
            return (access & Opcodes.ACC_ABSTRACT) != 0 ? method : new ThrowingBody(method, isConstructor ? superName : null);
        }
    }

    /** Keeps annotations and replaces the code by {@code throw new RuntimeException("Stub!")}, after a constructor's call of super. */
    private class ThrowingBody extends MethodVisitor {
        private final MethodVisitor method;
        private final String constructedSuper;

        ThrowingBody(MethodVisitor method, String constructedSuper) {
            super(ASM);
            this.method = method;
            this.constructedSuper = constructedSuper;
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            return method.visitAnnotation(descriptor, visible);
        }

        @Override
        public void visitEnd() {
            method.visitCode();
            if (constructedSuper != null) {
                callSuper();
            }
            method.visitTypeInsn(Opcodes.NEW, "java/lang/RuntimeException");
            method.visitInsn(Opcodes.DUP);
            method.visitLdcInsn("Stub!");
            method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/RuntimeException", "<init>", "(Ljava/lang/String;)V", false);
            method.visitInsn(Opcodes.ATHROW);
            method.visitMaxs(0, 0);
            method.visitEnd();
        }

        private void callSuper() {
            String descriptor = constructors.getOrDefault(constructedSuper, "()V");
            method.visitVarInsn(Opcodes.ALOAD, 0);
            for (Type argument : Type.getArgumentTypes(descriptor)) {
                method.visitInsn(switch (argument.getSort()) {
                    case Type.LONG -> Opcodes.LCONST_0;
                    case Type.FLOAT -> Opcodes.FCONST_0;
                    case Type.DOUBLE -> Opcodes.DCONST_0;
                    case Type.OBJECT, Type.ARRAY -> Opcodes.ACONST_NULL;
                    default -> Opcodes.ICONST_0;
                });
            }
            method.visitMethodInsn(Opcodes.INVOKESPECIAL, constructedSuper, "<init>", descriptor, false);
        }
    }
}

/// Compares arrays by identity: Error Prone's ArrayEquals.
final class Canary {

    private Canary() {}

    static boolean same(int[] left, int[] right) {
        return left.equals(right);
    }
}

package a.b;
public class Tool {
  public static void main(String[] args) {}
}

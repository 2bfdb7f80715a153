@main
struct CrossbarGAN {
  static func main() {}
}

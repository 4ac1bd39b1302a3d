// The least that a process can be: linked statically, it starts nothing and returns.
int main() { return 0; }

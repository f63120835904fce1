#include <stdio.h>

int main(void)
{
    puts("roletide");
    return 0;
}

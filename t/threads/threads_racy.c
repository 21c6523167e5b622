/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * threads_racy: two threads that count in one variable without a lock, so that
 * it shows that the sanitizer looks.
 */

#include <pthread.h>
#include <stdio.h>

static unsigned count;


static void *
run(void *data)
{
    (void) data;
    for (unsigned i = 0; i < 1000; i++) {
        count++;
    }
    return NULL;
}


int
main(void)
{
    pthread_t one, two;

    (void) pthread_create(&one, NULL, run, NULL);
    (void) pthread_create(&two, NULL, run, NULL);
    (void) pthread_join(one, NULL);
    (void) pthread_join(two, NULL);
    printf("%u\n", count);

    return 0;
}

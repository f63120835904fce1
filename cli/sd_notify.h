#ifndef CLI_SD_NOTIFY_H
#define CLI_SD_NOTIFY_H

/*
 * Tell the service manager how the run stands (sd_notify(3)): "READY=1", "WATCHDOG=1",
 * "STOPPING=1", "STATUS=...", several lines in one call. Does nothing where
 * $NOTIFY_SOCKET is not set; a manager that does not listen is no failure of the run.
 */
void sd_notify_send(const char *state);

#endif
